/// What a certificate says of its holder and of who signed it (RFC 5280 §4.1), read of its DER (X.690).
/// Nothing is verified.
///
/// Decoding never throws: what could be read is here, and `problem` says where and why it stopped.
public struct X509Certificate: Hashable, Sendable {
  /// A name of its holder beside the subject (RFC 5280 §4.2.1.6).
  public enum AlternativeName: Hashable, Sendable {
    /// Octets of the network, which may begin with `*.`.
    case dns([UInt8])
    /// An address.
    case address(IPAddress)
  }

  /// How many alternative names are kept.
  public static let maximumNames = 1_024

  /// Who signed it.
  public private(set) var issuer = X509Name()
  /// Who holds it.
  public private(set) var subject = X509Name()
  /// From when on it is good.
  public private(set) var notBefore: X509Time?
  /// Until when.
  public private(set) var notAfter: X509Time?
  /// The names and addresses that it is for, in their order; other kinds of names are left out.
  public private(set) var alternativeNames: [AlternativeName] = []
  /// Where and why decoding stopped before its end.
  public private(set) var problem: PacketError?

  /// Reads a certificate's DER.
  ///
  /// - Parameters:
  ///   - octets: all of it.
  ///   - offset: what its first octet counts as in `problem`.
  public init(decoding octets: Span<UInt8>, offset: Int = 0) {
    var reader = PacketReader(octets, offset: offset)
    do throws(PacketError) {
      var certificate = try reader.element(DERTag.sequence)
      var body = try certificate.element(DERTag.sequence)
      try read(&body)
    } catch {
      problem = error
    }
  }

  /// TBSCertificate.
  private mutating func read(_ body: inout PacketReader) throws(PacketError) {
    // The version; the first one is not said.
    if body.nextTag == DERTag.context(0) { try body.skipElement() }
    _ = try body.element(DERTag.integer)
    // The algorithm of the signature.
    _ = try body.element(DERTag.sequence)
    var name = try body.element(DERTag.sequence)
    issuer = try X509Name(parsing: &name)
    var validity = try body.element(DERTag.sequence)
    notBefore = try X509Time(parsing: &validity)
    notAfter = try X509Time(parsing: &validity)
    name = try body.element(DERTag.sequence)
    subject = try X509Name(parsing: &name)
    // The key.
    _ = try body.element(DERTag.sequence)
    while let tag = body.nextTag {
      var last = try body.element(tag)
      guard tag == DERTag.context(3) else { continue }
      var extensions = try last.element(DERTag.sequence)
      while extensions.available > 0 { try readExtension(&extensions) }
    }
  }

  /// id-ce-subjectAltName, 2.5.29.17.
  private static let alternativeNamesIdentifier: [UInt8] = [0x55, 0x1d, 0x11]

  private mutating func readExtension(_ list: inout PacketReader) throws(PacketError) {
    var one = try list.element(DERTag.sequence)
    let identifier = try one.element(DERTag.objectIdentifier).remaining
    guard identifier.isEqual(to: Self.alternativeNamesIdentifier) else { return }
    // Whether it is critical is left out where it is not.
    if one.nextTag != DERTag.octetString { try one.skipElement() }
    var value = try one.element(DERTag.octetString)
    var names = try value.element(DERTag.sequence)
    while let tag = names.nextTag {
      let name = try names.element(tag).remaining
      guard alternativeNames.count < Self.maximumNames else { continue }
      switch (tag, name.count) {
      case (0x82, _): alternativeNames.append(.dns(Array(copying: name)))
      case (0x87, 4): alternativeNames.append(.address(.v4(IPv4Address(bits: name.u32(at: 0)))))
      case (0x87, 16): alternativeNames.append(.address(.v6(IPv6Address(name, at: 0))))
      default: break
      }
    }
  }
}
