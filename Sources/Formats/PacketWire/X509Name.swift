/// What a certificate calls somebody: the parts of a distinguished name (RFC 5280 §4.1.2.4) by which
/// people know them.
public struct X509Name: Hashable, Sendable {
  /// The most specific common name: octets of the network, as a rule UTF-8.
  public var commonName: [UInt8]?
  /// The organization.
  public var organization: [UInt8]?

  /// The common name, or else the organization.
  public var best: [UInt8]? { commonName ?? organization }

  /// A name from its parts.
  public init(commonName: [UInt8]? = nil, organization: [UInt8]? = nil) {
    (self.commonName, self.organization) = (commonName, organization)
  }

  /// id-at-commonName, 2.5.4.3, and id-at-organizationName, 2.5.4.10.
  private static let commonNameIdentifier: [UInt8] = [0x55, 0x04, 0x03]
  private static let organizationIdentifier: [UInt8] = [0x55, 0x04, 0x0a]

  /// Reads the content of a Name. Names of several parts are ordered from the least specific on.
  init(parsing name: inout PacketReader) throws(PacketError) {
    while name.available > 0 {
      var part = try name.element(DERTag.set)
      while part.available > 0 {
        var pair = try part.element(DERTag.sequence)
        let identifier = try pair.element(DERTag.objectIdentifier).remaining
        if identifier.isEqual(to: Self.commonNameIdentifier) {
          commonName = try Self.text(&pair)
        } else if identifier.isEqual(to: Self.organizationIdentifier) {
          organization = try Self.text(&pair)
        }
      }
    }
  }

  /// A DirectoryString: the two kinds with wide characters become UTF-8, the others stay as they are.
  private static func text(_ pair: inout PacketReader) throws(PacketError) -> [UInt8] {
    let tag = pair.nextTag ?? 0
    let octets = try pair.element(tag).remaining
    switch tag {
    case DERTag.bmpString:
      let units = stride(from: 0, to: octets.count - 1, by: 2).map { octets.u16(at: $0) }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    case DERTag.universalString:
      let units = stride(from: 0, to: octets.count - 3, by: 4).map { octets.u32(at: $0) }
      return Array(String(decoding: units, as: UTF32.self).utf8)
    default: return Array(copying: octets)
    }
  }
}

extension Span<UInt8> {
  /// It holds the same octets.
  func isEqual(to octets: [UInt8]) -> Bool {
    guard count == octets.count else { return false }
    for index in indices where self[index] != octets[index] { return false }
    return true
  }
}
