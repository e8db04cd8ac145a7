/// The TCP header (RFC 9293 §3.1).
///
///      0             4         7                16                         32
///     +--------------------------------------+---------------------------+
///     |             source port              |     destination port      |
///     +--------------------------------------+---------------------------+
///     |                          sequence number                         |
///     |                       acknowledgment number                      |
///     +--------+----------+------------------+---------------------------+
///     | offset | reserved | A C E U A P R S F|          window           |
///     +--------+----------+------------------+---------------------------+
///     |               checksum               |      urgent pointer       |
///     +--------------------------------------+---------------------------+
///     |                      options (0 to 40 octets)                    |
///     +------------------------------------------------------------------+
public struct TCPHeader: Hashable, Sendable {
  /// In octets: data offset 5.
  public static let minimumLength = 20
  /// In octets: data offset 15.
  public static let maximumLength = 60

  /// The control bits, and AE (RFC 9768), which was NS before.
  public struct Flags: OptionSet, Hashable, Sendable {
    /// The low twelve bits of the fourth word's upper half: three reserved bits and nine flags.
    public var rawValue: UInt16

    /// Any combination.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// No more data from the sender.
    public static let fin = Flags(rawValue: 0x001)
    /// Synchronize sequence numbers.
    public static let syn = Flags(rawValue: 0x002)
    /// Reset the connection.
    public static let rst = Flags(rawValue: 0x004)
    /// Push what is there to the reader.
    public static let psh = Flags(rawValue: 0x008)
    /// The acknowledgment number counts.
    public static let ack = Flags(rawValue: 0x010)
    /// The urgent pointer counts.
    public static let urg = Flags(rawValue: 0x020)
    /// ECN echo (RFC 3168 §6.1).
    public static let ece = Flags(rawValue: 0x040)
    /// Congestion window reduced (RFC 3168 §6.1).
    public static let cwr = Flags(rawValue: 0x080)
    /// Accurate ECN (RFC 9768 §3.1).
    public static let ae = Flags(rawValue: 0x100)
  }

  /// The sender's port.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16
  /// Of the first data octet, or of the SYN.
  public var sequenceNumber: UInt32 = 0
  /// The next sequence number that the sender of this segment waits for.
  public var acknowledgmentNumber: UInt32 = 0
  /// Reserved bits and control bits.
  public var flags: Flags
  /// Octets that the sender will take, before scaling (RFC 7323 §2.2).
  public var window: UInt16 = 0
  /// As it was on the wire, right or wrong.
  public var checksum: UInt16 = 0
  /// Offset from the sequence number to the end of urgent data.
  public var urgentPointer: UInt16 = 0
  /// Raw options, a multiple of four octets.
  public var options = OptionOctets()
  /// Octets of options that the capture does not hold; those that it does are in `options`. None where a
  /// header was read whole, or is to be sent.
  public private(set) var missingOptions: UInt8 = 0

  /// Of this header on the wire, in octets.
  public var length: Int {
    missingOptions == 0
      ? Self.minimumLength + options.paddedCount
      : Self.minimumLength + options.count + Int(missingOptions)
  }

  /// A header without options; call `fill` when the payload and the addresses are known.
  public init(from sourcePort: UInt16, to destinationPort: UInt16, flags: Flags) {
    (self.sourcePort, self.destinationPort, self.flags) = (sourcePort, destinationPort, flags)
  }

  /// Reads the header and its options.
  @inline(__always)
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var cursor = reader
    let fixed = try cursor.take(Self.minimumLength, for: .tcp)
    self.init(fixed)
    let length = Int(fixed[12] >> 4) * 4
    guard length >= Self.minimumLength else {
      throw PacketError(.tcp, at: reader.offset + 12, .badHeaderLength(length))
    }
    let rest = try cursor.take(length - Self.minimumLength, for: .tcp)
    options = OptionOctets(prefix: rest)
    reader = cursor
  }

  /// The header at the start of `octets`, with as many of its options as are there; nil if the rest of it
  /// is not, or its data offset is less than any header's.
  public init?(captured octets: Span<UInt8>) {
    guard octets.count >= Self.minimumLength else { return nil }
    self.init(octets)
    let length = Int(octets[12] >> 4) * 4
    guard length >= Self.minimumLength else { return nil }
    options = OptionOctets(
      prefix: octets.extracting(Self.minimumLength..<min(length, octets.count)))
    missingOptions = UInt8(max(0, length - octets.count))
  }

  /// Reads what every header has.
  @inline(__always)
  private init(_ fixed: Span<UInt8>) {
    sourcePort = fixed.u16(at: 0)
    destinationPort = fixed.u16(at: 2)
    sequenceNumber = fixed.u32(at: 4)
    acknowledgmentNumber = fixed.u32(at: 8)
    flags = Flags(rawValue: fixed.u16(at: 12) & 0x0fff)
    window = fixed.u16(at: 14)
    checksum = fixed.u16(at: 16)
    urgentPointer = fixed.u16(at: 18)
  }

  /// Appends `length` octets, zeros for what is missing. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: sourcePort)
    out.append(bigEndian: destinationPort)
    out.append(bigEndian: sequenceNumber)
    out.append(bigEndian: acknowledgmentNumber)
    out.append(bigEndian: UInt16(length / 4) << 12 | flags.rawValue & 0x0fff)
    out.append(bigEndian: window)
    out.append(bigEndian: checksum)
    out.append(bigEndian: urgentPointer)
    out.append(copying: options.span)
    out.append(repeating: 0, count: length - Self.minimumLength - options.count)
  }
}

extension TCPHeader {
  /// Sets the field that depends on the rest: the checksum (RFC 9293 §3.1).
  public mutating func fill(
    payload: Span<UInt8>, from source: IPAddress, to destination: IPAddress
  ) {
    checksum = computedChecksum(payload: payload, from: source, to: destination)
  }

  /// What the checksum field should hold over this header, the pseudo header and `payload`.
  public func computedChecksum(
    payload: Span<UInt8>, from source: IPAddress, to destination: IPAddress
  ) -> UInt16 {
    var header = self
    header.checksum = 0
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      from: source, to: destination, protocolNumber: .tcp, length: length + payload.count)
    sum.add { header.write(to: &$0) }
    sum.add(payload)
    return sum.value
  }
}
