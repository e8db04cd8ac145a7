/// What a ClientHello and a ServerHello begin with (RFC 8446 §4.1.2, §4.1.3).
struct TLSHelloStart {
  var version: UInt16
  /// 32 octets.
  var random: [UInt8]
  /// At most 255 octets.
  var sessionIdentifier: [UInt8]

  /// How many octets `write(to:)` appends.
  var length: Int { 35 + sessionIdentifier.count }

  init(version: UInt16, random: [UInt8], sessionIdentifier: [UInt8]) {
    (self.version, self.random) = (version, random)
    self.sessionIdentifier = sessionIdentifier
  }

  init(parsing reader: inout PacketReader) throws(PacketError) {
    var ahead = reader
    let fixed = try ahead.take(34, for: .tls)
    version = fixed.u16(at: 0)
    random = Array(copying: fixed.extracting(droppingFirst: 2))
    sessionIdentifier = try ahead.takeVector(lengthOctets: 1)
    reader = ahead
  }

  func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: version)
    out.append(copying: random.span)
    out.append(UInt8(truncatingIfNeeded: sessionIdentifier.count))
    out.append(copying: sessionIdentifier.span)
  }
}

extension PacketReader {
  /// The octets of a vector whose length stands in one or two octets before it (RFC 8446 §3.4).
  mutating func takeVector(lengthOctets: Int) throws(PacketError) -> [UInt8] {
    let length = try take(lengthOctets, for: .tls)
    let count = lengthOctets == 1 ? Int(length[0]) : Int(length.u16(at: 0))
    return Array(copying: try take(count, for: .tls))
  }
}
