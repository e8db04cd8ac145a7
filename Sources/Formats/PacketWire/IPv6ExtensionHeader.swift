/// An IPv6 extension header of the common shape (RFC 8200 §4.3, §4.4, §4.6; RFC 6564 §4).
///
///      0             8             16
///     +-------------+-------------+----------------------------+
///     | next header | length      |  6 + 8 × length octets ... |
///     +-------------+-------------+----------------------------+
///
/// Hop-by-hop options, routing, destination options, mobility, host identity and shim6 share it.
/// The authentication header counts in fours instead (RFC 4302 §2.2). The fragment header has a
/// type of its own, `IPv6FragmentHeader`.
public struct IPv6ExtensionHeader: Hashable, Sendable {
  /// Which header this is; not in it, but in the `nextHeader` of the one before.
  public var kind: IPProtocol
  /// What follows.
  public var nextHeader: IPProtocol
  /// Everything after the length octet.
  public private(set) var body: [UInt8]

  /// Of this header, in octets.
  public var length: Int { 2 + body.count }

  /// A header from its fields; `nil` unless the whole is a length that the header can say.
  public init?(kind: IPProtocol, nextHeader: IPProtocol, body: [UInt8]) {
    let unit = kind == .authentication ? 4 : 8
    guard Self.isExtension(kind), (body.count + 2).isMultiple(of: unit),
      (8...Self.length(of: kind, lengthField: 255)).contains(body.count + 2)
    else { return nil }
    (self.kind, self.nextHeader, self.body) = (kind, nextHeader, body)
  }

  /// Reads a header of `kind`, which the header before it has named.
  public init(parsing reader: inout PacketReader, kind: IPProtocol) throws(PacketError) {
    guard Self.isExtension(kind) else {
      throw PacketError(.ipv6Extension, at: reader.offset, .unsupported(UInt32(kind.rawValue)))
    }
    var cursor = reader
    let fixed = try cursor.take(2, for: .ipv6Extension)
    let length = Self.length(of: kind, lengthField: fixed[1])
    self.kind = kind
    nextHeader = IPProtocol(rawValue: fixed[0])
    body = Array(copying: try cursor.take(length - 2, for: .ipv6Extension))
    reader = cursor
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(nextHeader.rawValue)
    out.append(UInt8(kind == .authentication ? length / 4 - 2 : length / 8 - 1))
    out.append(copying: body.span)
  }

  /// `kind` has the common shape. ESP has not: what follows it is enciphered (RFC 4303 §2).
  public static func isExtension(_ kind: IPProtocol) -> Bool {
    switch kind {
    case .hopByHop, .routing, .destinationOptions, .authentication, .mobility, .hostIdentity,
      .shim6:
      true
    default: false
    }
  }

  static func length(of kind: IPProtocol, lengthField: UInt8) -> Int {
    kind == .authentication ? (Int(lengthField) + 2) * 4 : (Int(lengthField) + 1) * 8
  }
}
