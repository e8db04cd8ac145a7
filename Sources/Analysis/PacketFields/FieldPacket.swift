public import PacketWire

/// What is known of a packet beside its octets.
public struct FieldPacket: Hashable, Sendable {
  /// Its place among the packets that are shown, from 1.
  public var number: Int
  /// When it was captured, where the file says so.
  public var time: WallInstant?
  /// How long it was on the wire, in octets.
  public var originalLength: Int
  /// The place of its interface among those of the file, where the format has such a thing.
  public var interface: Int?
  /// How long it came after the first packet, and after the one before it; who reads packets knows.
  var sinceFirst: Nanoseconds?, sincePrevious: Nanoseconds?

  /// A packet as described by its parts.
  public init(number: Int, time: WallInstant?, originalLength: Int, interface: Int? = nil) {
    (self.number, self.time) = (number, time)
    (self.originalLength, self.interface) = (originalLength, interface)
  }
}
