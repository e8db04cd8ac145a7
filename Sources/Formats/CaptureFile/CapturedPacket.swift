public import PacketWire

/// What a capture file says about one packet, beside the packet's octets.
public struct CapturedPacket: Hashable, Sendable {
  /// Its place among the packets of the file, from 1.
  public var number: Int
  /// When it was seen. A pcapng Simple Packet Block holds no time: there it is the start of 1970.
  public var time: WallInstant
  /// How its first header begins.
  public var linkType: LinkType
  /// Octets that the file holds.
  public var capturedLength: Int
  /// Octets that were on the wire; usually no less than `capturedLength`, but files can say so.
  public var originalLength: Int
  /// Index in the reader's `interfaces`; 0 throughout a pcap file.
  public var interface: Int

  /// A packet as described by its parts.
  public init(
    number: Int, time: WallInstant, linkType: LinkType, capturedLength: Int, originalLength: Int,
    interface: Int
  ) {
    (self.number, self.time, self.linkType) = (number, time, linkType)
    (self.capturedLength, self.originalLength) = (capturedLength, originalLength)
    self.interface = interface
  }
}
