/// What an extension of a hello is (IANA "TLS ExtensionType Values").
public struct TLSExtensionType: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public var rawValue: UInt16

  /// Any value, named or not.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The name that the client asks for (RFC 6066 §3).
  public static let serverName = TLSExtensionType(rawValue: 0)
  /// Groups for the key exchange (RFC 8446 §4.2.7).
  public static let supportedGroups = TLSExtensionType(rawValue: 10)
  /// Forms of points on curves (RFC 8422 §5.1.2).
  public static let pointFormats = TLSExtensionType(rawValue: 11)
  /// Signatures that the client understands (RFC 8446 §4.2.3).
  public static let signatureAlgorithms = TLSExtensionType(rawValue: 13)
  /// Protocols inside (RFC 7301).
  public static let applicationProtocols = TLSExtensionType(rawValue: 16)
  /// Versions that are offered, or the one chosen (RFC 8446 §4.2.1).
  public static let supportedVersions = TLSExtensionType(rawValue: 43)
  /// Halves of the key exchange (RFC 8446 §4.2.8).
  public static let keyShare = TLSExtensionType(rawValue: 51)
  /// An enciphered ClientHello (RFC 9849).
  public static let encryptedClientHello = TLSExtensionType(rawValue: 0xfe0d)
}

/// The extensions of a hello (RFC 8446 §4.2), kept as they were: what does not fit is not lost.
public struct TLSExtensions: Hashable, Sendable {
  /// Everything behind the hello's fixed part, the length of two octets counted in; empty in an old
  /// hello without extensions.
  public var octets: [UInt8]

  /// The octets as they stand on the wire.
  public init(octets: [UInt8]) { self.octets = octets }

  /// The types in wire order, up to the first extension that does not fit.
  public var types: [TLSExtensionType] {
    var types: [TLSExtensionType] = []
    forEach { type, _ in types.append(type) }
    return types
  }

  /// The value of the first extension of that type, nil if there is none.
  public func value(of type: TLSExtensionType) -> [UInt8]? {
    var found: Range<Int>?
    forEach { other, range in
      if other == type, found == nil { found = range }
    }
    return found.map { Array(octets[$0]) }
  }

  /// Calls `body` with each type and where its value stands in `octets`, up to the first one that does
  /// not fit. Each takes four octets at least, which bounds their number.
  public func forEach(_ body: (TLSExtensionType, Range<Int>) -> Void) {
    let span = octets.span
    var offset = 2
    while offset + 4 <= span.count {
      let end = offset + 4 + Int(span.u16(at: offset + 2))
      guard end <= span.count else { return }
      body(TLSExtensionType(rawValue: span.u16(at: offset)), offset + 4..<end)
      offset = end
    }
  }

  /// The 16-bit numbers of a value that begins with the list's length in one or two octets; the last
  /// ones are left out when they do not fit.
  func numbers(of type: TLSExtensionType, lengthOctets: Int) -> [UInt16] {
    guard let value = value(of: type), value.count >= lengthOctets else { return [] }
    let span = value.span
    let length = lengthOctets == 1 ? Int(value[0]) : Int(span.u16(at: 0))
    let end = min(lengthOctets + length, value.count)
    return stride(from: lengthOctets, to: end - 1, by: 2).map { span.u16(at: $0) }
  }

  /// RFC 7301 §3.1: names with their lengths, behind the length of the list.
  var names: [[UInt8]] {
    guard let value = value(of: .applicationProtocols) else { return [] }
    var names: [[UInt8]] = []
    var offset = 2
    while offset < value.count {
      let end = offset + 1 + Int(value[offset])
      guard end <= value.count else { break }
      names.append(Array(value[offset + 1..<end]))
      offset = end
    }
    return names
  }
}

extension UInt16 {
  /// A number that is noise on purpose, so that peers learn to skip what they do not know (GREASE,
  /// RFC 8701 §2): 0x0a0a, 0x1a1a … 0xfafa, as a cipher suite, extension, group or version.
  public var isGREASE: Bool { self & 0x0f0f == 0x0a0a && self >> 8 == self & 0xff }
}
