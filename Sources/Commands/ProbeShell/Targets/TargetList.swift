public import LinuxNet
import PacketWire

/// One of the hosts that a tool was told to probe.
public struct ListedTarget: Hashable, Sendable {
  /// Where it is.
  public var endpoint: Endpoint
  /// What was typed; `nil` where that is the address' own text.
  public var typed: String?

  /// A target that was called so.
  public init(_ endpoint: Endpoint, typed: String? = nil) {
    (self.endpoint, self.typed) = (endpoint, typed)
  }

  /// As it was typed; a name may come from a file and is to be made safe before it is printed.
  public var name: String { typed ?? endpoint.addressText }

  /// It was typed as an address.
  public var isNumeric: Bool {
    typed.map { IPAddress($0) != nil || $0.contains("%") } ?? true
  }
}

/// The hosts that a tool was told to probe, in the order in which they were named.
///
/// A prefix or a range takes as much memory as an address, and so do addresses that follow each
/// other: twelve octets, and sixty-four more where it is no IPv4 address or where something else was
/// typed. Targets are made when somebody asks for them.
public struct TargetList: Sendable, RandomAccessCollection {
  /// The most targets that a list can hold: all of a /10.
  public static let maximumCount = 4_194_304

  /// Targets whose addresses follow each other.
  private struct Run: Sendable {
    /// How many targets stand before it.
    var start: UInt32
    var first: First
  }

  private enum First: Sendable {
    case v4(IPv4Address)
    /// The place of anything else in `others`.
    case other(UInt32)
  }

  private var runs: [Run] = []
  private var others: [ListedTarget] = []

  /// How many targets there are.
  public private(set) var count = 0

  /// An empty list.
  public init() {}

  /// 0.
  public var startIndex: Int { 0 }
  /// The same as `count`.
  public var endIndex: Int { count }

  /// Target number `index`, counted from 0.
  public subscript(index: Int) -> ListedTarget {
    precondition(indices.contains(index), "no such target")
    // The last run that begins at the target or before it.
    var (low, high) = (0, runs.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(runs[middle].start) <= index { low = middle } else { high = middle }
    }
    return target(index, in: runs[low])
  }

  private func target(_ index: Int, in run: Run) -> ListedTarget {
    let offset = index - Int(run.start)
    switch run.first {
    case .v4(let address):
      return ListedTarget(Endpoint(.v4(address.advanced(by: offset))))
    case .other(let place):
      var target = others[Int(place)]
      if case .v6(let address) = target.endpoint.address {
        target.endpoint.address = .v6(address.advanced(by: offset))
      }
      return target
    }
  }
}

extension TargetList {
  /// Adds `count` addresses from `first` on.
  ///
  /// - Returns: false, and nothing is added, if that would be more than `maximumCount`.
  mutating func append(_ first: Endpoint, count added: Int = 1) -> Bool {
    guard makesRoom(for: added) else { return false }
    if case .v4(let address) = first.address {
      append(address, count: added)
    } else {
      append(ListedTarget(first), count: added)
    }
    return true
  }

  /// Adds a host that was called something else than its address.
  mutating func append(_ target: ListedTarget) -> Bool {
    guard makesRoom(for: 1) else { return false }
    append(target, count: 1)
    return true
  }

  private func makesRoom(for added: Int) -> Bool { added <= Self.maximumCount - count }

  private mutating func append(_ address: IPv4Address, count added: Int) {
    if let run = runs.last, case .v4(let first) = run.first,
      first.advanced(by: count - Int(run.start)) == address
    {
      count += added
      return
    }
    runs.append(Run(start: UInt32(count), first: .v4(address)))
    count += added
  }

  private mutating func append(_ target: ListedTarget, count added: Int) {
    runs.append(Run(start: UInt32(count), first: .other(UInt32(others.count))))
    others.append(target)
    count += added
  }
}

extension IPv4Address {
  fileprivate func advanced(by offset: Int) -> IPv4Address {
    IPv4Address(bits: bits &+ UInt32(truncatingIfNeeded: offset))
  }
}

extension IPv6Address {
  fileprivate func advanced(by offset: Int) -> IPv6Address {
    IPv6Address(bits: bits &+ UInt128(truncatingIfNeeded: offset))
  }
}

extension TargetList: Sequence {
  /// Walks along the list without looking for each target.
  public struct Iterator: IteratorProtocol {
    private let list: TargetList
    private var run = 0
    private var index = 0

    fileprivate init(_ list: TargetList) { self.list = list }

    /// The next target.
    public mutating func next() -> ListedTarget? {
      guard index < list.count else { return nil }
      if run + 1 < list.runs.count, Int(list.runs[run + 1].start) == index { run += 1 }
      defer { index += 1 }
      return list.target(index, in: list.runs[run])
    }
  }

  /// Begins at the first target.
  public func makeIterator() -> Iterator { Iterator(self) }
}
