import PacketText
import PacketWire

/// One field of a packet, by the name that tshark gives it.
///
/// Most fields are a number or an address at a fixed place of one header, so the tables say just
/// that; the others have a function. A header that the capture cut gives those fields that it holds
/// whole.
public struct PacketField: Sendable {
  /// tshark's name, such as `ip.src`.
  public let name: String
  /// What kind of value it has.
  public let type: FieldType
  /// What it is, in a few words.
  public let meaning: String
  /// The kind of layer that holds it.
  let layer: FieldLayer.Kind
  /// How it is read from there.
  let reading: Reading
  /// What has to be kept for it from packet to packet.
  let needs: FieldNeeds

  init(
    _ name: String, _ type: FieldType, _ meaning: String, in layer: FieldLayer.Kind,
    needs: FieldNeeds = [], _ reading: Reading
  ) {
    (self.name, self.type, self.meaning) = (name, type, meaning)
    (self.layer, self.needs, self.reading) = (layer, needs, reading)
  }

  /// How a value is read. Places count from the layer's start, in octets.
  enum Reading: Sendable {
    /// A number of one octet, decimal.
    case octet(at: Int)
    /// A number of two octets, decimal.
    case word(at: Int)
    /// A number of four octets, decimal.
    case doubleWord(at: Int)
    /// The bits of `mask` in one octet, moved to its right end, decimal.
    case bits(at: Int, mask: UInt8)
    /// The bits of `mask` in two octets as `0x` and four hex digits.
    case hex(at: Int, mask: UInt16)
    /// The bits of `mask` in one octet, moved to its right end, as `0x` and two hex digits.
    case hexOctet(at: Int, mask: UInt8)
    /// A link-layer address.
    case mac(at: Int)
    /// An IPv4 address.
    case ipv4(at: Int)
    /// An IPv6 address.
    case ipv6(at: Int)
    /// Any number of values.
    case function(Function)
    /// What is known of a TCP segment from those before it.
    case stream(alsoQuoted: Bool, StreamFunction)
    /// What is known of a UDP datagram from those before it.
    case datagram(DatagramFunction)
    /// What is known of a message from those before it.
    case message(MessageFunction)
    /// The names of all protocols.
    case protocols
    /// The values of several readings, such as both ports.
    case each([Reading])
  }

  /// Appends the values of one layer. The octets are all those that the layer's places count in.
  typealias Function =
    @Sendable (FieldLayer, FieldPacket, Span<UInt8>, inout FieldCell, inout TextBuffer) -> Void
}

extension PacketField {
  /// All fields, the outermost layers first.
  public static let all: [PacketField] =
    frame + link + arp + ipv4 + ipv6 + icmpv4 + icmpv6 + tcp + tcpStreams + tcpReassembly + udp
    + udpStreams + dns + dnsExchanges + dnsRecords + http + httpExchanges + tls + tlsHandshake
    + tlsFingerprints + webSocket
    + http2 + quic

  /// Appends the values of one layer.
  func append(
    _ layer: FieldLayer, _ packet: FieldPacket, _ octets: Span<UInt8>, _ cell: inout FieldCell,
    _ out: inout TextBuffer
  ) {
    append(reading, layer, packet, octets, &cell, &out)
  }

  private func append(
    _ reading: Reading, _ layer: FieldLayer, _ packet: FieldPacket, _ octets: Span<UInt8>,
    _ cell: inout FieldCell, _ out: inout TextBuffer
  ) {
    switch reading {
    case .octet(let place):
      guard let start = layer.place(place, 1) else { return }
      cell.append(decimal: octets[start], &out)
    case .word(let place):
      guard let start = layer.place(place, 2) else { return }
      cell.append(decimal: octets.u16(at: start), &out)
    case .doubleWord(let place):
      guard let start = layer.place(place, 4) else { return }
      cell.append(decimal: octets.u32(at: start), &out)
    case .bits(let place, let mask):
      guard let start = layer.place(place, 1) else { return }
      cell.append(decimal: (octets[start] & mask) >> UInt8(mask.trailingZeroBitCount), &out)
    case .hex(let place, let mask):
      guard let start = layer.place(place, 2) else { return }
      cell.append(hex: octets.u16(at: start) & mask, &out)
    case .hexOctet(let place, let mask):
      guard let start = layer.place(place, 1) else { return }
      let value = (octets[start] & mask) >> UInt8(mask.trailingZeroBitCount)
      cell.append(hex: UInt32(value), digits: 2, &out)
    case .mac(let place):
      guard let start = layer.place(place, 6) else { return }
      cell.append(MACAddress(bits: octets.u48(at: start)), &out)
    case .ipv4(let place):
      guard let start = layer.place(place, 4) else { return }
      cell.append(IPv4Address(bits: octets.u32(at: start)), &out)
    case .ipv6(let place):
      guard let start = layer.place(place, 16) else { return }
      cell.append(IPv6Address(bits: octets.u128(at: start)), &out)
    case .function(let function): function(layer, packet, octets, &cell, &out)
    case .stream, .datagram, .message, .protocols: return
    case .each(let readings):
      for reading in readings { append(reading, layer, packet, octets, &cell, &out) }
    }
  }
}

extension Span<UInt8> {
  /// The sixteen octets at `offset` as a big-endian number; the caller has checked the length.
  func u128(at offset: Int) -> UInt128 {
    UInt128(u64(at: offset)) << 64 | UInt128(u64(at: offset &+ 8))
  }
}
