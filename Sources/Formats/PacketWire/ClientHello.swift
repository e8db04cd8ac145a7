/// The body of a ClientHello (RFC 8446 §4.1.2), the first message of a TLS client.
///
///     +-----------+-------------+-----------------------------+
///     | version 2 |  random 32  | session identifier, 1+0…32  |
///     +-----------+-------------+-----------------------------+
///     | cipher suites 2+2n | compression methods 1+n          |
///     +--------------------+----------------------------------+
///     | extensions 2+n                                        |
///     +-------------------------------------------------------+
public struct ClientHello: Hashable, Sendable {
  /// The type of its handshake message.
  public static let handshakeType: UInt8 = 1

  /// 0x0303 since TLS 1.2; `versions` says more.
  public var version: UInt16
  /// 32 octets.
  public var random: [UInt8]
  /// At most 255 octets.
  public var sessionIdentifier: [UInt8]
  /// Most wanted first; `isGREASE` marks noise. An odd octet behind them is kept in the octets only.
  public var cipherSuites: [UInt16] { Self.numbers(cipherSuiteOctets) }
  /// As on the wire.
  public var cipherSuiteOctets: [UInt8]
  /// Zero alone, which is none, since TLS 1.3.
  public var compressionMethods: [UInt8]
  /// Everything behind.
  public var extensions: TLSExtensions

  /// The name that it asks for (RFC 6066 §3): octets of the network, of which only type 0 exists.
  public var serverName: [UInt8]? {
    guard let value = extensions.value(of: .serverName), value.count >= 5, value[2] == 0 else {
      return nil
    }
    let length = Int(value.span.u16(at: 3))
    return 5 + length <= value.count ? Array(value[5..<5 + length]) : nil
  }

  /// What it would speak inside, most wanted first (RFC 7301 §3.1): octets of the network.
  public var applicationProtocols: [[UInt8]] { extensions.names }

  /// The versions that it offers, noise counted in (RFC 8446 §4.2.1); empty before TLS 1.3.
  public var supportedVersions: [UInt16] {
    extensions.numbers(of: .supportedVersions, lengthOctets: 1)
  }

  /// The groups that it offers for the key exchange, noise counted in.
  public var supportedGroups: [UInt16] {
    extensions.numbers(of: .supportedGroups, lengthOctets: 2)
  }

  /// The highest version that it offers.
  public var highestVersion: UInt16 {
    supportedVersions.filter { !$0.isGREASE }.max() ?? version
  }

  /// How many octets `write(to:)` appends.
  public var length: Int {
    start.length + 3 + cipherSuiteOctets.count + compressionMethods.count
      + extensions.octets.count
  }

  private var start: TLSHelloStart {
    TLSHelloStart(version: version, random: random, sessionIdentifier: sessionIdentifier)
  }

  private static func numbers(_ octets: [UInt8]) -> [UInt16] {
    let span = octets.span
    return stride(from: 0, to: octets.count - 1, by: 2).map { span.u16(at: $0) }
  }

  /// Reads everything that is left: the body of one handshake message.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var ahead = reader
    let start = try TLSHelloStart(parsing: &ahead)
    (version, random) = (start.version, start.random)
    sessionIdentifier = start.sessionIdentifier
    cipherSuiteOctets = try ahead.takeVector(lengthOctets: 2)
    compressionMethods = try ahead.takeVector(lengthOctets: 1)
    let rest = try ahead.take(ahead.available, for: .tls)
    extensions = TLSExtensions(octets: Array(copying: rest))
    reader = ahead
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    start.write(to: &out)
    out.append(bigEndian: UInt16(truncatingIfNeeded: cipherSuiteOctets.count))
    out.append(copying: cipherSuiteOctets.span)
    out.append(UInt8(truncatingIfNeeded: compressionMethods.count))
    out.append(copying: compressionMethods.span)
    out.append(copying: extensions.octets.span)
  }
}
