public import PacketWire

/// How a router chooses among several ways that lead to the same place.
public enum Balancing: Hashable, Sendable {
  /// All packets of a flow go the same way: those with the same addresses and protocol, the same first
  /// four octets behind the IP header (ports; type, code and checksum of ICMP) and the same flow label.
  /// Fragments, of which only the first has ports, go by the rest.
  case flow
  /// Each packet goes any way.
  case packet
  /// All packets to an address go the same way.
  case destination
  /// All packets go the same way, and the next one after so long.
  case flap(every: Nanoseconds)
}

/// What one router's choices come from.
struct Balancer: Sendable {
  private let balancing: Balancing
  /// Routers that choose alike would leave half of the ways behind each other unused.
  private let salt: UInt64
  private var numbers: SeededGenerator

  /// The balancer of the `index`th router.
  init(_ balancing: Balancing, seed: UInt64, router index: Int) {
    self.balancing = balancing
    // Streams of links count from 0 (`LinkChances`); those of routers come from the other end.
    numbers = SeededGenerator(seed: seed, stream: -1 &- index)
    salt = numbers.next()
  }

  /// Which of `count` ways a packet goes, counted from 0.
  mutating func choice(of count: Int, for packet: ReceivedPacket, at now: MonotonicInstant) -> Int {
    let number: UInt64
    switch balancing {
    case .flow: number = packet.flowHash(salt)
    case .packet: number = numbers.next()
    case .destination: number = FlowHash(salt).adding(packet.destination).value
    case .flap(let interval):
      // Instants before zero have a way of their own too.
      let turn = UInt64(bitPattern: now.nanoseconds) / UInt64(clamping: max(interval.count, 1))
      return Int(turn % UInt64(max(count, 1)))
    }
    return Int(number.multipliedFullWidth(by: UInt64(max(count, 1))).high)
  }
}

/// A number that is the same for the same values, and otherwise any.
struct FlowHash: Sendable {
  private(set) var value: UInt64

  init(_ salt: UInt64) { value = salt }

  func adding(_ word: UInt64) -> FlowHash {
    FlowHash(SeededGenerator.mixed(SeededGenerator.mixed(value) ^ word))
  }

  func adding(_ address: IPAddress) -> FlowHash {
    switch address {
    case .v4(let address): adding(UInt64(address.bits))
    case .v6(let address):
      adding(UInt64(truncatingIfNeeded: address.bits >> 64))
        .adding(UInt64(truncatingIfNeeded: address.bits))
    }
  }
}

extension ReceivedPacket {
  /// A number of the flow that the packet is part of.
  fileprivate func flowHash(_ salt: UInt64) -> UInt64 {
    let ends = FlowHash(salt).adding(source).adding(destination)
    switch header {
    case .ipv4(let header):
      let flow = ends.adding(UInt64(header.protocolNumber.rawValue))
      return header.isFragment ? flow.value : flow.adding(firstWord(at: header.length)).value
    case .ipv6(let header):
      let flow = ends.adding(UInt64(header.nextHeader.rawValue)).adding(UInt64(header.flowLabel))
      let isExtended =
        header.nextHeader == .fragment || IPv6ExtensionHeader.isExtension(header.nextHeader)
      return isExtended ? flow.value : flow.adding(firstWord(at: IPv6Header.length)).value
    }
  }

  private func firstWord(at offset: Int) -> UInt64 {
    octets.count >= offset + 4 ? UInt64(octets.span.u32(at: offset)) : 0
  }
}
