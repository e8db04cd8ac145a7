/// The UDP header (RFC 768).
///
///      0             16            32            48            64
///     +-------------+-------------+-------------+-------------+
///     | source port |  dest. port |   length    |  checksum   |
///     +-------------+-------------+-------------+-------------+
public struct UDPHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 8

  /// The sender's port.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16
  /// Of header and data, in octets, as it was on the wire; 0 in a jumbogram (RFC 2675 §4).
  public var datagramLength: UInt16
  /// As it was on the wire; 0 means that the sender computed none.
  public var checksum: UInt16 = 0

  /// A header from its fields; call `fill` when the payload and the addresses are known.
  public init(from sourcePort: UInt16, to destinationPort: UInt16) {
    (self.sourcePort, self.destinationPort) = (sourcePort, destinationPort)
    datagramLength = UInt16(Self.length)
  }

  /// Reads `length` octets.
  @inline(__always)
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .udp)
    sourcePort = fixed.u16(at: 0)
    destinationPort = fixed.u16(at: 2)
    datagramLength = fixed.u16(at: 4)
    checksum = fixed.u16(at: 6)
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: sourcePort)
    out.append(bigEndian: destinationPort)
    out.append(bigEndian: datagramLength)
    out.append(bigEndian: checksum)
  }
}

extension UDPHeader {
  /// Sets the two fields that depend on the rest: the length and the checksum.
  public mutating func fill(
    payload: Span<UInt8>, from source: IPAddress, to destination: IPAddress
  ) throws(PacketError) {
    guard let total = UInt16(exactly: Self.length + payload.count) else {
      throw PacketError(.udp, at: 4, .badHeaderLength(Self.length + payload.count))
    }
    datagramLength = total
    checksum = computedChecksum(payload: payload, from: source, to: destination)
  }

  /// What the checksum field should hold over this header, the pseudo header and `payload`; a
  /// computed zero is sent as all ones, since zero says that there is none (RFC 768).
  public func computedChecksum(
    payload: Span<UInt8>, from source: IPAddress, to destination: IPAddress
  ) -> UInt16 {
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      from: source, to: destination, protocolNumber: .udp, length: Self.length + payload.count)
    sum.add(sourcePort)
    sum.add(destinationPort)
    sum.add(datagramLength)
    sum.add(payload)
    return sum.value == 0 ? 0xffff : sum.value
  }
}

extension UDPHeader {
  /// How many octets of a UDP-Lite packet its checksum covers, where the length field of UDP is: zero
  /// stands for all of them (RFC 3828 §3.1).
  ///
  /// - Parameter packetLength: of the packet with its header, as IP has it.
  /// - Returns: the number, from 8 on; nil where the field holds none that can be.
  public func liteCoverage(packetLength: Int) -> Int? {
    let coverage = datagramLength == 0 ? packetLength : Int(datagramLength)
    return (Self.length...max(packetLength, Self.length)).contains(coverage) ? coverage : nil
  }

  /// What the checksum field of a UDP-Lite packet should hold over the pseudo header, this header and
  /// the part of the payload that is covered (RFC 3828 §3.1, §3.2).
  ///
  /// - Parameters:
  ///   - covered: that part of the payload.
  ///   - packetLength: of the packet with its header, which the pseudo header says.
  ///   - source: as in the IP header.
  ///   - destination: the same; on a source route the last stop.
  /// - Returns: the number, never zero.
  public func liteChecksum(
    covered: Span<UInt8>, packetLength: Int, from source: IPAddress, to destination: IPAddress
  ) -> UInt16 {
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      from: source, to: destination, protocolNumber: .udpLite, length: packetLength)
    sum.add(sourcePort)
    sum.add(destinationPort)
    sum.add(datagramLength)
    sum.add(covered)
    return sum.value == 0 ? 0xffff : sum.value
  }
}
