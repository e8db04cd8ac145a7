/// The content of a TSIG record (RFC 8945 §4.2): a signature over the message before it.
public struct DNSMessageSignature: Hashable, Sendable {
  /// How it was made, such as `hmac-sha256.`.
  public var algorithm: DNSName
  /// In seconds since 1970; 48 bits.
  public var timeSigned: UInt64
  /// How far clocks may be apart, in seconds.
  public var fudge: UInt16
  /// The signature, at most 65535 octets.
  public var authenticationCode: [UInt8]
  /// The message's identifier when it was signed.
  public var originalIdentifier: UInt16
  /// 0, or why the signature was refused: 16 bad signature, 17 bad key, 18 bad time.
  public var error: UInt16
  /// The server's time after error 18; else empty.
  public var otherData: [UInt8]

  /// How many octets `write(to:)` appends.
  public var length: Int { algorithm.length + 16 + authenticationCode.count + otherData.count }

  init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    algorithm = try DNSName(in: octets, at: &offset)
    let fixed = try DNSMessage.take(10, of: octets, at: &offset)
    (timeSigned, fudge) = (fixed.u48(at: 0), fixed.u16(at: 6))
    let code = try DNSMessage.take(Int(fixed.u16(at: 8)), of: octets, at: &offset)
    authenticationCode = Array(copying: code)
    let end = try DNSMessage.take(6, of: octets, at: &offset)
    (originalIdentifier, error) = (end.u16(at: 0), end.u16(at: 2))
    let other = try DNSMessage.take(Int(end.u16(at: 4)), of: octets, at: &offset)
    otherData = Array(copying: other)
  }

  func write(to out: inout OutputSpan<UInt8>) {
    algorithm.write(to: &out)
    out.append(bigEndian48: timeSigned)
    out.append(bigEndian: fudge)
    out.append(bigEndian: UInt16(truncatingIfNeeded: authenticationCode.count))
    out.append(copying: authenticationCode.span)
    out.append(bigEndian: originalIdentifier)
    out.append(bigEndian: error)
    out.append(bigEndian: UInt16(truncatingIfNeeded: otherData.count))
    out.append(copying: otherData.span)
  }
}
