/// What programs are known by from their first message of TLS. Values that are noise on purpose (RFC 8701) count
/// nowhere. Programs can be made to look like others: a fingerprint is a hint and no proof.
extension ClientHello {
  /// The text that JA3 is the MD5 of: version, cipher suites, extensions, groups and point formats as they come, in
  /// decimal.
  public var ja3Text: String {
    let parts = [
      cipherSuites.filter { !$0.isGREASE }, extensionNumbers,
      supportedGroups.filter { !$0.isGREASE }, pointFormats,
    ]
    return "\(version)," + parts.map { JA3.list($0) }.joined(separator: ",")
  }

  /// JA3: the digest in 32 hex digits.
  public var ja3: String { JA3.digest(of: ja3Text) }

  /// JA4, if QUIC or if TCP carries it: how it is carried, version, whether it asks for a name, how much it offers, and
  /// what it would speak; then digests of the cipher suites, and of the extensions and signature algorithms.
  public func ja4(isQUIC: Bool) -> String {
    [ja4Head(isQUIC: isQUIC), Self.shortDigest(ja4Suites), Self.shortDigest(ja4Features)]
      .joined(separator: "_")
  }

  /// JA4 with what was digested instead of the digests.
  public func ja4Text(isQUIC: Bool) -> String {
    [ja4Head(isQUIC: isQUIC), ja4Suites, ja4Features].joined(separator: "_")
  }

  private var extensionNumbers: [UInt16] {
    extensions.types.map(\.rawValue).filter { !$0.isGREASE }
  }

  /// Forms of points on curves (RFC 8422 §5.1.2), each of one octet behind the list's length.
  private var pointFormats: [UInt16] {
    guard let value = extensions.value(of: .pointFormats), let length = value.first else {
      return []
    }
    return value.dropFirst().prefix(Int(length)).map { UInt16($0) }
  }

  private func ja4Head(isQUIC: Bool) -> String {
    let version =
      switch highestVersion {
      case 0x0304: "13"
      case 0x0303: "12"
      case 0x0302: "11"
      case 0x0301: "10"
      case 0x0300: "s3"
      case 0x0002: "s2"
      default: "00"
      }
    let name = extensions.value(of: .serverName) == nil ? "i" : "d"
    let suites = Self.twoDigits(cipherSuites.count { !$0.isGREASE })
    let others = Self.twoDigits(extensionNumbers.count)
    return "\(isQUIC ? "q" : "t")\(version)\(name)\(suites)\(others)\(protocolEnds)"
  }

  /// The first and the last character of the protocol that is wanted most, or of its octets in hex where one of them
  /// is no letter and no digit.
  private var protocolEnds: String {
    guard let wanted = applicationProtocols.first, let first = wanted.first, let last = wanted.last
    else { return "00" }
    func isPlain(_ octet: UInt8) -> Bool {
      (0x30...0x39).contains(octet) || (0x41...0x5a).contains(octet)
        || (0x61...0x7a).contains(octet)
    }
    if isPlain(first), isPlain(last) { return String(decoding: [first, last], as: UTF8.self) }
    return String(first >> 4, radix: 16) + String(last & 0x0f, radix: 16)
  }

  private static func twoDigits(_ count: Int) -> String {
    count < 10 ? "0\(count)" : String(min(count, 99))
  }

  /// Cipher suites by number, in hex.
  private var ja4Suites: String { Self.sorted(cipherSuites.filter { !$0.isGREASE }) }

  /// Extensions by number but for those of names and of protocols, which depend on whom the program talks to; behind
  /// them signature algorithms as they come.
  private var ja4Features: String {
    let left: [TLSExtensionType] = [.serverName, .applicationProtocols]
    let numbers = extensionNumbers.filter { !left.map(\.rawValue).contains($0) }
    let algorithms = extensions.numbers(of: .signatureAlgorithms, lengthOctets: 2)
      .filter { !$0.isGREASE }
    let text = Self.sorted(numbers)
    return algorithms.isEmpty ? text : text + "_" + algorithms.map(Self.hex).joined(separator: ",")
  }

  private static func sorted(_ numbers: [UInt16]) -> String {
    numbers.sorted().map(hex).joined(separator: ",")
  }

  private static func hex(_ number: UInt16) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }

  /// The first twelve hex digits of SHA-256; zeros of nothing.
  private static func shortDigest(_ text: String) -> String {
    text.isEmpty ? "000000000000" : JA3.hex(SHA256.digest(Array(text.utf8)).prefix(6))
  }
}

extension ServerHello {
  /// The text that JA3S is the MD5 of: version, cipher suite and extensions, in decimal.
  public var ja3sText: String {
    "\(version),\(cipherSuite),\(JA3.list(extensions.types.map(\.rawValue).filter { !$0.isGREASE }))"
  }

  /// JA3S: the digest in 32 hex digits.
  public var ja3s: String { JA3.digest(of: ja3sText) }
}

private enum JA3 {
  static func list(_ numbers: [UInt16]) -> String {
    numbers.map { String($0) }.joined(separator: "-")
  }

  static func digest(of text: String) -> String { hex(MD5.digest(Array(text.utf8))[...]) }

  static func hex(_ octets: ArraySlice<UInt8>) -> String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
