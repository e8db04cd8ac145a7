/// The extension headers between an IPv6 header and what the packet carries (RFC 8200 §4.1).
///
/// They are walked in place: `IPv6ExtensionHeader` owns its body, which a decoder of every packet
/// must not allocate.
struct IPv6ExtensionChain {
  /// How many headers are walked; RFC 8200 §4.1 knows of at most eight in a row.
  static let limit = 16

  /// What stands behind the headers that were read.
  private(set) var next: IPProtocol
  /// The last fragment header.
  private(set) var fragment: IPv6FragmentHeader?
  /// Where what that header speaks of begins, in octets from where the walk began.
  private(set) var fragmentEnd = 0
  /// Segments left of the last routing header (RFC 8200 §4.4).
  private(set) var segmentsLeft: UInt8 = 0

  /// What follows belongs to a packet whose start is in another fragment.
  var isLaterFragment: Bool { (fragment?.fragmentOffset ?? 0) > 0 }

  /// A chain of which nothing is read yet; `first` is the IPv6 header's next header.
  init(from first: IPProtocol) { next = first }

  /// `kind` is a header that a chain steps over.
  static func isMember(_ kind: IPProtocol) -> Bool {
    kind == .fragment || IPv6ExtensionHeader.isExtension(kind)
  }

  /// Reads up to what is no extension header, or to the end of a later fragment's own headers.
  mutating func walk(_ reader: inout PacketReader) throws(PacketError) {
    var count = 0
    while Self.isMember(next), !isLaterFragment {
      guard count < Self.limit else {
        throw PacketError(.ipv6Extension, at: reader.offset, .tooMany(limit: Self.limit))
      }
      if next == .fragment {
        let header = try IPv6FragmentHeader(parsing: &reader)
        (fragment, next) = (header, header.nextHeader)
        fragmentEnd = reader.offset
      } else {
        try skip(&reader)
      }
      count += 1
    }
  }

  private mutating func skip(_ reader: inout PacketReader) throws(PacketError) {
    var cursor = reader
    let fixed = try cursor.take(2, for: .ipv6Extension)
    let length = IPv6ExtensionHeader.length(of: next, lengthField: fixed[1])
    let rest = try cursor.take(length - 2, for: .ipv6Extension)
    if next == .routing { segmentsLeft = rest[1] }
    next = IPProtocol(rawValue: fixed[0])
    reader = cursor
  }
}
