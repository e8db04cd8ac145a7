/// The body of a Certificate message as TLS 1.2 has it (RFC 5246 §7.4.2); that of TLS 1.3 is
/// enciphered.
public struct TLSCertificates: Hashable, Sendable {
  /// The type of its handshake message.
  public static let handshakeType: UInt8 = 11

  /// Each one's DER, the sender's own first; at most 2^24 - 1 octets each.
  public var certificates: [[UInt8]]

  /// How many octets `write(to:)` appends.
  public var length: Int { 3 + listLength }

  private var listLength: Int { certificates.reduce(0) { $0 + 3 + $1.count } }

  /// A message from its certificates.
  public init(certificates: [[UInt8]]) { self.certificates = certificates }

  /// Reads the body of one handshake message.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var ahead = reader
    let count = Self.length(try ahead.take(3, for: .tls))
    let start = ahead.offset
    // The list is read from its own octets, so that no certificate goes on beyond it.
    var list = PacketReader(try ahead.take(count, for: .tls), offset: start)
    certificates = []
    while list.available > 0 {
      let size = Self.length(try list.take(3, for: .tls))
      certificates.append(Array(copying: try list.take(size, for: .tls)))
    }
    reader = ahead
  }

  private static func length(_ octets: Span<UInt8>) -> Int {
    Int(octets[0]) << 16 | Int(octets.u16(at: 1))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    Self.write(listLength, to: &out)
    for certificate in certificates {
      Self.write(certificate.count, to: &out)
      out.append(copying: certificate.span)
    }
  }

  private static func write(_ length: Int, to out: inout OutputSpan<UInt8>) {
    out.append(UInt8(truncatingIfNeeded: length >> 16))
    out.append(bigEndian: UInt16(truncatingIfNeeded: length))
  }
}
