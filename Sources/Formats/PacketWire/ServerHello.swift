/// The body of a ServerHello or HelloRetryRequest (RFC 8446 §4.1.3, §4.1.4).
///
///     +-----------+-------------+-----------------------------+
///     | version 2 |  random 32  | session identifier, 1+0…32  |
///     +-----------+-------------+-----------------------------+
///     | cipher suite 2 | compression 1 | extensions 2+n       |
///     +----------------+---------------+----------------------+
public struct ServerHello: Hashable, Sendable {
  /// The type of its handshake message.
  public static let handshakeType: UInt8 = 2
  /// SHA-256 of "HelloRetryRequest", as the first eight octets of the random (RFC 8446 §4.1.3).
  private static let retryRandom: [UInt8] = [0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11]

  /// 0x0303 since TLS 1.2; `chosenVersion` says more.
  public var version: UInt16
  /// 32 octets.
  public var random: [UInt8]
  /// At most 255 octets.
  public var sessionIdentifier: [UInt8]
  /// The one that it chose.
  public var cipherSuite: UInt16
  /// 0 is none.
  public var compressionMethod: UInt8
  /// Everything behind.
  public var extensions: TLSExtensions

  /// The version that it chose (RFC 8446 §4.2.1).
  public var chosenVersion: UInt16 {
    guard let value = extensions.value(of: .supportedVersions), value.count == 2 else {
      return version
    }
    return value.span.u16(at: 0)
  }

  /// The protocol inside that it chose (RFC 7301 §3.1); only TLS 1.2 shows it here.
  public var applicationProtocol: [UInt8]? { extensions.names.first }

  /// It asks for another ClientHello.
  public var isRetryRequest: Bool { random.starts(with: Self.retryRandom) }

  /// How many octets `write(to:)` appends.
  public var length: Int { start.length + 3 + extensions.octets.count }

  private var start: TLSHelloStart {
    TLSHelloStart(version: version, random: random, sessionIdentifier: sessionIdentifier)
  }

  /// Reads everything that is left: the body of one handshake message.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var ahead = reader
    let start = try TLSHelloStart(parsing: &ahead)
    (version, random) = (start.version, start.random)
    sessionIdentifier = start.sessionIdentifier
    let chosen = try ahead.take(3, for: .tls)
    (cipherSuite, compressionMethod) = (chosen.u16(at: 0), chosen[2])
    let rest = try ahead.take(ahead.available, for: .tls)
    extensions = TLSExtensions(octets: Array(copying: rest))
    reader = ahead
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    start.write(to: &out)
    out.append(bigEndian: cipherSuite)
    out.append(compressionMethod)
    out.append(copying: extensions.octets.span)
  }
}
