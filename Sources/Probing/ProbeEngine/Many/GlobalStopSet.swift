import PacketWire

/// The routers that are known on the way to a network: doubletree's global stop set.
///
/// A trace outward that meets one of them knows how it goes on. From one host this is so only for targets that
/// are taken for neighbours.
struct GlobalStopSet: Sendable {
  private struct Key: Hashable, Sendable {
    var network: IPAddress
    var router: IPAddress
    var timeToLive: UInt8
  }

  private var known: Set<Key> = []
  private let lengths: ManyConfiguration.NetworkLengths
  private let limit: Int

  init(_ lengths: ManyConfiguration.NetworkLengths, limit: Int) {
    (self.lengths, self.limit) = (lengths, limit)
  }

  var count: Int { known.count }

  /// Adds a router; false if it was known.
  mutating func add(_ router: IPAddress, at timeToLive: Int, towards target: IPAddress) -> Bool {
    guard let network = network(of: target) else { return true }
    let key = Key(network: network, router: router, timeToLive: UInt8(clamping: timeToLive))
    if known.contains(key) { return false }
    if known.count < limit { known.insert(key) }
    return true
  }

  private func network(of target: IPAddress) -> IPAddress? {
    switch target {
    case .v4(let address):
      lengths.v4.map { .v4(IPv4Address(bits: address.bits & ~(UInt32.max >> UInt32($0)))) }
    case .v6(let address):
      lengths.v6.map { .v6(IPv6Address(bits: address.bits & ~(UInt128.max >> UInt128($0)))) }
    }
  }
}
