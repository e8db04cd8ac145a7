/// A frame behind a header that tells how it was captured (PPI, PKTAP).
public struct WrappedFrame: Hashable, Sendable {
  /// How it begins.
  public var linkType: LinkType
  /// Where it begins, in octets.
  public var offset: Int
  /// It ends with a check sequence of four octets, which is no payload.
  var hasCheckSequence = false

  /// The frame that `octets` hold, which begin as `linkType` says; nil where that is no such header.
  public init?(in octets: Span<UInt8>, of linkType: LinkType) throws(PacketError) {
    var reader = PacketReader(octets)
    let length: Int
    switch linkType {
    case .ppi:
      let header = try PPIHeader(parsing: &reader)
      (self.linkType, length) = (header.linkType, Int(header.wholeLength))
      guard length >= PPIHeader.length else {
        throw PacketError(.ppi, at: 2, .badHeaderLength(length))
      }
      var whole = PacketReader(octets)
      hasCheckSequence = PPIHeader.hasCheckSequence(try whole.take(length, for: .ppi))
    case .pktap, .oldPKTAP:
      let header = try PKTAPHeader(parsing: &reader)
      (self.linkType, length) = (header.linkType, Int(header.wholeLength))
      guard length >= PKTAPHeader.length else {
        throw PacketError(.pktap, at: 0, .badHeaderLength(length))
      }
      var whole = PacketReader(octets)
      _ = try whole.take(length, for: .pktap)
      guard header.recordType == PKTAPHeader.packet else { return nil }
    default: return nil
    }
    offset = length
  }
}
