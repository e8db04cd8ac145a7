/// The body of a Certificate message as TLS up to 1.2 has it (RFC 5246 §7.4.2).
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
    // The list is read from its own octets, so that no certificate goes on beyond it.
    var list = try ahead.takeLongVector()
    certificates = []
    while list.available > 0 {
      certificates.append(Array(copying: try list.takeLongVector().remaining))
    }
    reader = ahead
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian24: listLength)
    for certificate in certificates {
      out.append(bigEndian24: certificate.count)
      out.append(copying: certificate.span)
    }
  }
}

/// The body of a Certificate message as TLS 1.3 has it (RFC 8446 §4.4.2), which is enciphered on its
/// way.
public struct TLS13Certificates: Hashable, Sendable {
  /// One certificate and what is said of it.
  public struct Entry: Hashable, Sendable {
    /// Its DER, at most 2^24 - 1 octets.
    public var certificate: [UInt8]
    /// Such as its status.
    public var extensions: TLSExtensions

    /// An entry from its parts; the extensions' octets begin with their length.
    public init(certificate: [UInt8], extensions: TLSExtensions = TLSExtensions(octets: [0, 0])) {
      (self.certificate, self.extensions) = (certificate, extensions)
    }

    fileprivate var length: Int { 3 + certificate.count + extensions.octets.count }
  }

  /// Of the request that a client answers; at most 255 octets.
  public var requestContext: [UInt8]
  /// The sender's own first.
  public var entries: [Entry]

  /// How many octets `write(to:)` appends.
  public var length: Int { 4 + requestContext.count + listLength }

  private var listLength: Int { entries.reduce(0) { $0 + $1.length } }

  /// A message from its parts.
  public init(requestContext: [UInt8] = [], entries: [Entry]) {
    (self.requestContext, self.entries) = (requestContext, entries)
  }

  /// Reads the body of one handshake message.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var ahead = reader
    requestContext = try ahead.takeVector(lengthOctets: 1)
    var list = try ahead.takeLongVector()
    entries = []
    while list.available > 0 {
      let certificate = Array(copying: try list.takeLongVector().remaining)
      let extensions = try list.takeVector(lengthOctets: 2)
      let length = UInt16(truncatingIfNeeded: extensions.count)
      let octets = [UInt8(length >> 8), UInt8(length & 0xff)] + extensions
      entries.append(Entry(certificate: certificate, extensions: TLSExtensions(octets: octets)))
    }
    reader = ahead
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(UInt8(truncatingIfNeeded: requestContext.count))
    out.append(copying: requestContext.span)
    out.append(bigEndian24: listLength)
    for entry in entries {
      out.append(bigEndian24: entry.certificate.count)
      out.append(copying: entry.certificate.span)
      out.append(copying: entry.extensions.octets.span)
    }
  }
}

extension PacketReader {
  /// The octets of a vector whose length stands in three octets before it (RFC 8446 §3.4).
  @_lifetime(copy self)
  fileprivate mutating func takeLongVector() throws(PacketError) -> PacketReader {
    let octets = try take(3, for: .tls)
    let start = offset
    let length = Int(octets[0]) << 16 | Int(octets.u16(at: 1))
    return PacketReader(try take(length, for: .tls), offset: start)
  }
}

extension OutputSpan<UInt8> {
  fileprivate mutating func append(bigEndian24 number: Int) {
    append(UInt8(truncatingIfNeeded: number >> 16))
    append(bigEndian: UInt16(truncatingIfNeeded: number))
  }
}
