/// Hands out the front of borrowed octets, a header at a time.
///
/// This is the only non-escapable type of the package: headers are copied out of it as plain
/// values, so nothing that outlives the capture buffer can point into it. A header that is refused
/// leaves the reader where it was, so that what could not be read can still be shown.
public struct PacketReader: ~Escapable {
  @usableFromInline var octets: Span<UInt8>
  @usableFromInline var position: Int
  /// Octets from the first captured one to the next one to be read.
  @inlinable
  public var offset: Int { position }

  /// A reader over `octets`, the first of which counts as offset `offset` in errors.
  @inlinable
  @_lifetime(copy octets)
  public init(_ octets: Span<UInt8>, offset: Int = 0) {
    self.octets = octets
    position = offset
  }

  /// How many octets are left.
  @inlinable
  public var available: Int { octets.count }

  /// What is left, without moving on.
  @inlinable
  public var remaining: Span<UInt8> {
    @_lifetime(copy self) get { octets }
  }

  /// The next `count` octets, or an error that says which layer fell short, where and by how much.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  public mutating func take(_ count: Int, for layer: Layer) throws(PacketError) -> Span<UInt8> {
    guard count <= octets.count else {
      throw PacketError(layer, at: offset, .truncated(needed: count, available: octets.count))
    }
    let taken = octets.extracting(first: count)
    octets = octets.extracting(droppingFirst: count)
    position += count
    return taken
  }

  /// Leaves at most the next `count` octets to be read: how a length field ends its own packet.
  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  public mutating func narrow(to count: Int) {
    octets = octets.extracting(first: min(max(count, 0), octets.count))
  }
}

// Big-endian ("network order") loads. An offset out of bounds traps: `take` has checked the length.
extension Span<UInt8> {
  /// The two octets at `offset` as a big-endian number.
  @inlinable @inline(__always)
  public func u16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  /// The four octets at `offset` as a big-endian number.
  @inlinable @inline(__always)
  public func u32(at offset: Int) -> UInt32 {
    UInt32(u16(at: offset)) << 16 | UInt32(u16(at: offset + 2))
  }

  /// The eight octets at `offset` as a big-endian number.
  @inlinable @inline(__always)
  public func u64(at offset: Int) -> UInt64 {
    UInt64(u32(at: offset)) << 32 | UInt64(u32(at: offset + 4))
  }

  /// The six octets at `offset` as a big-endian number.
  @inlinable @inline(__always)
  public func u48(at offset: Int) -> UInt64 {
    UInt64(u16(at: offset)) << 32 | UInt64(u32(at: offset + 2))
  }

  /// The IPv4 address at `offset`.
  public func ipv4Address(at offset: Int) -> IPv4Address { IPv4Address(bits: u32(at: offset)) }

  /// The IPv6 address at `offset`.
  public func ipv6Address(at offset: Int) -> IPv6Address { IPv6Address(self, at: offset) }
}
