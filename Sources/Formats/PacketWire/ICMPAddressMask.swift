/// What an address mask request or reply holds behind its `ICMPv4Header` (RFC 950, appendix I; RFC
/// 6918 §2 lets hosts forget it).
///
///      0             8             16                          32
///     +-------------------------------------------------------+
///     |                     address mask                      |
///     +-------------------------------------------------------+
public struct ICMPAddressMask: Hashable, Sendable {
  /// In octets.
  public static let length = 4

  /// Set bits name the network; zero in a request.
  public var mask: IPv4Address

  /// How many leading bits are set; `nil` if others are too, which no network has.
  public var prefixLength: Int? {
    let length = (~mask.bits).leadingZeroBitCount
    return length == 32 || mask.bits << UInt32(length) == 0 ? length : nil
  }

  /// A mask; that of a request is zero.
  public init(_ mask: IPv4Address = .any) { self.mask = mask }

  /// The mask of a network with so many leading bits, 32 at most.
  public init(prefixLength: Int) {
    self.init(IPv4Address(bits: ~(UInt32.max >> UInt32(clamping: prefixLength))))
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    mask = IPv4Address(bits: try reader.take(Self.length, for: .icmpv4).u32(at: 0))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) { out.append(bigEndian: mask.bits) }
}
