public import AddressOrigins
public import CountryData
public import LinuxNet
public import LinuxSystem
public import OriginEngine
public import PacketWire
import ProbeEngine

/// Who runs the addresses of a tool's lines: from a file, and by the DNS if the user wants that; looked
/// up beside the measurement, and never in it.
///
/// `request` only notes an address. What is asked goes out in `update`, which the tool calls at the end
/// of each turn of its loop, when its own packets have been read.
public final class HostOrigins {
  private let table: OriginTable?
  private let countries: CountryFile?
  private var session: OriginSession?
  private var sockets: QuerySockets?
  private var requested: [IPAddress] = []

  /// Where origins are looked up by DNS.
  public struct Resolver: Hashable, Sendable {
    /// The zone that holds them.
    public var zone: OriginZone
    /// The name servers to ask, at least one.
    public var servers: [Endpoint]

    /// A zone, and whom to ask for it.
    public init(zone: OriginZone = .cymru, servers: [Endpoint]) {
      (self.zone, self.servers) = (zone, servers)
    }
  }

  /// Looks origins up in `table`, and those that it does not have by `resolver`; without that nothing is
  /// ever sent. Countries are looked up in `countries`.
  public init(
    table: OriginTable?, resolver: Resolver?, countries: CountryFile? = nil
  ) throws(SystemError) {
    (self.table, self.countries) = (table, countries)
    guard let resolver, !resolver.servers.isEmpty else { return }
    var random = SystemRandomNumberGenerator()
    session = OriginSession(
      .init(zone: resolver.zone, serverCount: resolver.servers.count),
      cookies: KeyedCookie(key: random.next(), random.next()))
    sockets = try QuerySockets(to: resolver.servers)
  }

  /// Lets `poller` wake when answers have come.
  public func watch(with poller: inout Poller) {
    if let number = sockets?.descriptorNumber { _ = poller.add(number, interest: .read) }
  }

  /// Notes that the origin of an address will be wanted; never waits, and sends nothing yet.
  public func request(_ address: IPAddress) {
    guard session != nil, table?.origin(of: address) == nil, !requested.contains(address) else {
      return
    }
    requested.append(address)
  }

  /// Takes in what has come, and sends what is to be asked.
  public func update() {
    guard session != nil, sockets != nil else { return }
    let now = MonotonicClock.now()
    var effects: [OriginSession.Effect] = []
    var arrived: [(slot: Int, octets: [UInt8]?)] = []
    // Without events there is nothing to read, and questions run out of time by themselves.
    try? sockets?.receive { arrived.append(($0, $1)) }
    for (slot, octets) in arrived {
      effects +=
        octets.map { session?.receive($0, slot: slot, at: now) ?? [] }
        ?? session?.failed(slot: slot, at: now) ?? []
    }
    for address in requested { effects += session?.request(address, at: now) ?? [] }
    requested.removeAll(keepingCapacity: true)
    effects += session?.timer(at: now) ?? []
    perform(effects, at: now)
  }

  /// How long is waited for all that is asked at once.
  private static let patience = Nanoseconds.seconds(3)

  /// Asks for the origins of addresses and waits until they are settled, but not for long.
  public func wait(for addresses: [IPAddress]) {
    for address in addresses { request(address) }
    let deadline = MonotonicClock.now() + Self.patience
    var poller = Poller()
    watch(with: &poller)
    update()
    while !addresses.allSatisfy({ isSettled($0) }), MonotonicClock.now() < deadline {
      guard (try? poller.wait(until: min(wakeAt ?? deadline, deadline))) != nil else { return }
      update()
    }
  }

  private func perform(_ effects: [OriginSession.Effect], at now: MonotonicInstant) {
    var effects = effects
    var index = 0
    while index < effects.count {
      switch effects[index] {
      case .close(let slot): sockets?.close(slot)
      case .ask(let query, let server, let slot):
        do throws(SystemError) {
          try sockets?.ask(query, server: server, slot: slot)
        } catch {
          // The next server may be of a family that this host has a way for. A question has so many
          // tries and no more, so that this ends.
          effects += session?.failed(slot: slot, at: now) ?? []
        }
      }
      index += 1
    }
  }

  /// When to call `update` again, if nothing comes before.
  public var wakeAt: MonotonicInstant? {
    requested.isEmpty ? session?.wakeAt : MonotonicInstant(nanoseconds: 0)
  }

  /// There is nothing more to wait for: the origin of the address is known, or known not to be.
  public func isSettled(_ address: IPAddress) -> Bool {
    guard let session, table?.origin(of: address) == nil else { return true }
    return session.isSettled(address)
  }

  /// Who runs the address, if that is known by now.
  public func origin(of address: IPAddress) -> AddressOrigin? {
    if case .origin(let origin)? = finding(of: address) { origin } else { nil }
  }

  /// When `update` has something to send.
  public var requestsAt: MonotonicInstant? {
    requested.isEmpty ? nil : MonotonicInstant(nanoseconds: 0)
  }

  /// The country of the address: where it is, if there is a file that says so, or else where who runs it
  /// is registered; nil as long as neither is known.
  public func country(of address: IPAddress) -> String? {
    if let country = countries?.country(of: address) { return country }
    guard case .origin(let origin)? = finding(of: address) else { return nil }
    return origin.country
  }

  /// What is known of the address now; nil as long as that is nothing.
  public func finding(of address: IPAddress) -> OriginSession.Finding? {
    if let origin = table?.origin(of: address) { return .origin(origin) }
    guard let session else { return table == nil ? nil : .unannounced }
    return session.finding(of: address)
  }
}
