import PacketFields
import PacketWire

/// One packet on its way from a source to what is done with it.
struct SniffedPacket: Hashable, Sendable {
  /// Counts the packets that passed the filter, from 1.
  var number: Int
  /// When it was captured.
  var time: WallInstant
  /// How it begins.
  var linkType: LinkType
  /// How long it was on the wire, in octets.
  var originalLength: Int
  /// Its place in the file, or `nil` if that is `number`.
  var place: Int?
  /// Its interface's place among those of a pcapng file.
  var interface: Int?
  /// Whose it is, if that was asked and is known.
  var process: PacketProcess?

  /// The packet as fields describe it.
  var described: FieldPacket {
    FieldPacket(
      number: place ?? number, time: time, originalLength: originalLength, interface: interface)
  }
}
