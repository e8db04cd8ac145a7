public import LinuxSystem
import NameResolution
import PacketText
public import PacketWire

/// Names of addresses for a tool's lines: looked up beside the measurement, safe to print.
public final class HostNames: Sendable {
  private let resolver: ReverseResolver?
  private let known: [IPAddress: String]

  /// Names, or none at all where the user wants none. Without threads to look them up (a limit of
  /// the system's) there are none either: a measurement does not fail for a name.
  public init(isEnabled: Bool) {
    resolver = isEnabled ? try? ReverseResolver(threads: 4) : nil
    known = [:]
  }

  /// Names that were found before; nobody is asked for others.
  public init(known: [IPAddress: String]) { (resolver, self.known) = (nil, known) }

  /// Lets `poller` wake when names have come.
  public func watch(with poller: inout Poller) {
    if let resolver { _ = poller.add(resolver.descriptorNumber, interest: .read) }
  }

  /// Asks for a name that will be wanted; never waits.
  public func request(_ address: IPAddress) { resolver?.request(address) }

  /// Takes in what has come.
  public func update() { _ = resolver?.drain() }

  /// Waits until the name of `address` is settled, but no longer than a line may be held.
  public func wait(for address: IPAddress) {
    guard let resolver else { return }
    let deadline = MonotonicClock.now() + NameGate<Never>.patience
    var poller = Poller()
    _ = poller.add(resolver.descriptorNumber, interest: .read)
    while !isSettled(address), MonotonicClock.now() < deadline {
      guard (try? poller.wait(until: deadline)) != nil else { return }
      update()
    }
  }

  /// There is nothing more to wait for: the name is known, or known not to be.
  public func isSettled(_ address: IPAddress) -> Bool {
    resolver.map { $0.name(of: address) != nil } ?? true
  }

  /// The name, if it is known; what the network made up as a name is escaped.
  public func name(of address: IPAddress) -> String? {
    foundName(of: address).map { SafeText.escaped($0) }
  }

  /// The same as the network has it.
  public func foundName(of address: IPAddress) -> String? {
    guard case .named(let name)? = resolver?.name(of: address) else { return known[address] }
    return name
  }
}
