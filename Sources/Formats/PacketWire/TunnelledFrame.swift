/// A packet that comes through a tunnel, or through several within each other: what stands in a frame,
/// from the outermost tunnel's content inwards.
///
/// Packets without a tunnel make none of these, and cost no more than the question.
public struct TunnelledFrame: Sendable {
  /// What the tunnel carries, decoded from `octets`.
  public private(set) var frame: Frame
  /// Where it stands in the octets of the frame around all tunnels.
  public private(set) var octets: Range<Int>
  /// How many tunnels are around it.
  public private(set) var depth = 1

  /// The content of the outermost tunnel; nil where `outer` carries no packet. What an ICMP error quotes
  /// went through no tunnel.
  ///
  /// - Parameters:
  ///   - outer: the frame around all tunnels.
  ///   - octets: what it was decoded from.
  public init?(in outer: Frame, _ octets: Span<UInt8>) {
    guard let carried = outer.carried(in: octets), carried.role == .tunnelled else { return nil }
    self.init(carried, octets)
  }

  private init(_ carried: CarriedFrame, _ octets: Span<UInt8>) {
    frame = Frame(
      decoding: octets.extracting(carried.octets), linkType: carried.linkType,
      originalLength: carried.originalLength)
    self.octets = carried.octets
  }

  /// Goes on to what this one carries.
  ///
  /// - Parameter octets: those of the frame around all tunnels.
  /// - Returns: false where this one is the innermost, or the last of `Frame.maximumDepth`.
  public mutating func goInwards(_ octets: Span<UInt8>) -> Bool {
    guard depth < Frame.maximumDepth,
      let carried = frame.carried(in: octets.extracting(self.octets)), carried.role == .tunnelled
    else { return false }
    let start = self.octets.lowerBound + carried.octets.lowerBound
    self.octets = start..<start + carried.octets.count
    frame = Frame(
      decoding: octets.extracting(self.octets), linkType: carried.linkType,
      originalLength: carried.originalLength)
    depth += 1
    return true
  }
}
