public import PacketWire

/// Something that can be had by GET: a file, or a page of a built-in site.
public struct HTTPResource {
  /// The media type (RFC 9110 §8.3).
  public var type: String
  /// How long it is, in octets.
  public var length: Int
  /// When it last changed; nil where nobody knows.
  public var lastModified: WallInstant?
  /// Changes whenever an octet does: printable ASCII without quotes. Nil where nobody knows.
  public var entityTag: String?
  /// Where its octets come from.
  public var body: any HTTPBody

  /// A resource of `length` octets.
  public init(
    type: String, length: Int, lastModified: WallInstant? = nil, entityTag: String? = nil,
    body: any HTTPBody
  ) {
    (self.type, self.length, self.body) = (type, length, body)
    (self.lastModified, self.entityTag) = (lastModified, entityTag)
  }

  /// A resource that is in memory; its entity tag is made from its octets.
  public init(type: String, _ octets: [UInt8], lastModified: WallInstant? = nil) {
    // FNV-1a (Fowler, Noll and Vo): quick, and nobody gains by two pages with the same one.
    let hash = octets.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, octet in
      (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01b3
    }
    self.init(
      type: type, length: octets.count, lastModified: lastModified,
      entityTag: String(hash, radix: 36), body: octets)
  }

  /// Text gets much shorter by gzip; pictures, archives and films are packed already.
  var isWorthPacking: Bool {
    let type = type.prefix { $0 != ";" }
    return length >= Self.leastWorthPacking
      && (type.hasPrefix("text/") || type.hasSuffix("+xml") || type.hasSuffix("/xml")
        || type.hasSuffix("json") || type == "application/wasm")
  }

  /// What fits into one packet anyway, in octets.
  private static let leastWorthPacking = 512
}

/// Where the octets of a resource come from. It is asked for as much as can be sent soon, so that
/// nobody holds a long file in memory.
public protocol HTTPBody {
  /// At most `count` octets from `offset` on, at least one; nil where they cannot be had any more.
  func read(from offset: Int, atMost count: Int) -> [UInt8]?
}

extension Array: HTTPBody where Element == UInt8 {
  /// Octets of its own.
  public func read(from offset: Int, atMost count: Int) -> [UInt8]? {
    guard indices.contains(offset) else { return nil }
    return Array(self[offset..<(count < self.count - offset ? offset + count : self.count)])
  }
}

/// Packs a body while it is sent: a content coding (RFC 9110 §8.4.1).
public protocol ContentEncoder {
  /// Takes octets and gives what is ready of the packed ones.
  mutating func encode(_ octets: [UInt8]) -> [UInt8]
  /// Gives the rest. It is the last call.
  mutating func finish() -> [UInt8]
}
