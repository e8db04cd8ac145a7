/// Stretches of one direction that were jumped over and are not yet seen.
struct SequenceHoles: Sendable {
  private struct Hole: Sendable {
    var positions: Range<Int64>
    /// The segment that jumped over it.
    var mark: PacketMark
  }

  /// More than that at once is no loss but an attack on analysers; the oldest is forgotten.
  private static let capacity = 32

  private var holes: [Hole] = []

  var isEmpty: Bool { holes.isEmpty }

  mutating func open(_ positions: Range<Int64>, _ mark: PacketMark) {
    if holes.count == Self.capacity { holes.removeFirst() }
    holes.append(Hole(positions: positions, mark: mark))
  }

  /// Takes `positions` out of the holes; the segment that showed the first one hit, if any was.
  mutating func fill(_ positions: Range<Int64>) -> PacketMark? {
    var shownBy: PacketMark?
    var rest: [Hole] = []
    for hole in holes {
      guard hole.positions.overlaps(positions) else {
        rest.append(hole)
        continue
      }
      shownBy = shownBy ?? hole.mark
      let before = hole.positions.lowerBound..<max(hole.positions.lowerBound, positions.lowerBound)
      let after = min(hole.positions.upperBound, positions.upperBound)..<hole.positions.upperBound
      for part in [before, after] where !part.isEmpty {
        rest.append(Hole(positions: part, mark: hole.mark))
      }
    }
    if shownBy != nil { holes = Array(rest.prefix(Self.capacity)) }
    return shownBy
  }

  /// Forgets what the peer has acknowledged, for it has it, though the capture does not; the first
  /// such stretch.
  mutating func close(upTo position: Int64) -> Range<Int64>? {
    guard !holes.isEmpty else { return nil }
    let first = holes.first { $0.positions.upperBound <= position }
    holes.removeAll { $0.positions.upperBound <= position }
    return first?.positions
  }
}
