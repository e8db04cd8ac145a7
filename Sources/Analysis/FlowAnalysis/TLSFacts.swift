public import PacketWire

/// What TLS shows of itself in a segment; all else is enciphered, or about to be.
public struct TLSFacts: Sendable {
  /// A client's first message, if it ends in the segment.
  public var clientHello: TLSClientHello?
  /// A server's first message, if it ends in the segment.
  public var serverHello: TLSServerHello?
  /// A server's certificate in the clear, if its message ends in the segment.
  public var certificate: TLSCertificate?
  /// The types of all messages of the handshake in the clear that end in the segment, the above
  /// counted in (see `TLSHandshakeHeader.name(of:)`); no more than sixteen.
  public var messages: [UInt8] = []
  /// The record in progress at the end of the segment, or the last one.
  public var lastRecord: TLSRecordType?
  /// Octets of handshake records, headers counted.
  public var handshakeOctets = 0
  /// Octets of records that carry data, headers counted.
  public var dataOctets = 0
  /// Records that carry data and end in the segment.
  public var dataRecords = TLSRecordEnds()
  /// Octets of change cipher spec records, headers counted.
  public var changeCipherOctets = 0
  /// Octets of alert records, headers counted.
  public var alertOctets = 0
  /// The octets are no longer records: a gap, or something else.
  public var isLost = false
  /// Its sender had said before these octets that what follows is enciphered (by change cipher spec
  /// or, in TLS 1.3, by a data record).
  public var isEnciphered = false
}

/// A ClientHello (RFC 8446 §4.1.2), as far as a story needs it.
public struct TLSClientHello: Hashable, Sendable {
  /// The name that it asks for (RFC 6066 §3).
  public var serverName: UntrustedText?
  /// Protocols that it would speak inside, most wanted first (RFC 7301 §3.1).
  public var applicationProtocols: [UntrustedText] = []
  /// The highest version that it offers, such as 0x0304 for TLS 1.3.
  public var version: UInt16
  /// It carries an enciphered ClientHello (RFC 9849) or pretends to, as browsers do: `serverName` is
  /// perhaps but a front.
  public var hasEncryptedHello = false
  /// All of it, for its fingerprints; nil when a length in it does not fit.
  public var message: ClientHello?
}

/// A ServerHello (RFC 8446 §4.1.3), as far as a story needs it.
public struct TLSServerHello: Hashable, Sendable {
  /// The version that it chose, such as 0x0304 for TLS 1.3.
  public var version: UInt16
  /// The cipher suite that it chose.
  public var cipherSuite: UInt16
  /// It asks for another ClientHello (RFC 8446 §4.1.4).
  public var isRetryRequest = false
  /// All of it, for its fingerprint.
  public var message: ServerHello
}

/// The sender's own certificate (RFC 5246 §7.4.2), as far as a story needs it. Nothing is verified.
public struct TLSCertificate: Hashable, Sendable {
  /// Whom it is for: the first of its names, or else its subject.
  public var holder: UntrustedText?
  /// How many names and addresses it is for.
  public var nameCount = 0
  /// Who signed it.
  public var issuer: UntrustedText?
  /// From when on it is good.
  public var notBefore: X509Time?
  /// Until when.
  public var notAfter: X509Time?
}
