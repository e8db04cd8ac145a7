/// A packet of which not all fragments have come.
struct FragmentedPacket: Sendable {
  /// What a fragment says of itself.
  struct Fragment {
    var protocolNumber: IPProtocol
    /// In octets.
    var offset: Int
    /// How many octets it carries; not none.
    var count: Int
    var moreFragments: Bool

    var end: Int { offset &+ count }
  }

  /// Its place among all packets that were begun.
  let number: Int
  /// When its first fragment was seen.
  let begun: WallInstant
  /// As far as the last octet that came; zeros where none has.
  private(set) var octets: [UInt8] = []
  /// Nothing is taken any more.
  private(set) var isDiscarded = false
  /// What has come, in order and without overlaps. Neighbours are not joined: whether a fragment of
  /// IPv6 is an exact duplicate depends on where others began and ended.
  private var pieces: [Range<Int>] = []
  /// How many octets the pieces have together.
  private var count = 0
  private var length: Int?
  private var protocolNumber: IPProtocol?

  /// Nothing of it is there yet.
  init(number: Int, begun: WallInstant) { (self.number, self.begun) = (number, begun) }

  /// What it carries, when all is there.
  var whole: FragmentReassembler.Payload? {
    guard let length, count == length, let protocolNumber else { return nil }
    return FragmentReassembler.Payload(protocolNumber, octets: octets)
  }

  /// Why `fragment` cannot be taken, nil when it can.
  func refusal(
    of fragment: Fragment, overlaps refusesOverlaps: Bool, limit: Int
  ) -> FragmentReassembler.Refusal? {
    guard !isDiscarded else { return .discarded }
    if let length {
      guard fragment.moreFragments ? fragment.end <= length : fragment.end == length else {
        return .contradictoryLength
      }
    } else if !fragment.moreFragments, fragment.end < octets.count {
      return .contradictoryLength
    }
    if refusesOverlaps, overlaps(fragment) { return .overlap }
    return pieces.count < limit ? nil : .tooManyPieces
  }

  /// It has octets in common with others, and is not the same as one of them.
  private func overlaps(_ fragment: Fragment) -> Bool {
    let place = firstPiece(endingBehind: fragment.offset)
    guard place < pieces.count, pieces[place].lowerBound < fragment.end else { return false }
    return pieces[place] != fragment.offset..<fragment.end
  }

  /// Forgets the octets; that there was such a packet stays known.
  mutating func discard() {
    (octets, pieces) = ([], [])
    isDiscarded = true
  }

  /// Takes what is new of `payload`; false when nothing is.
  mutating func take(_ payload: Span<UInt8>, _ fragment: Fragment) -> Bool {
    if !fragment.moreFragments { length = fragment.end }
    if fragment.offset == 0, protocolNumber == nil { protocolNumber = fragment.protocolNumber }
    if octets.count < fragment.end {
      octets.append(contentsOf: repeatElement(0, count: fragment.end &- octets.count))
    }
    let before = count
    var position = fragment.offset
    var place = firstPiece(endingBehind: position)
    while position < fragment.end {
      let next = place < pieces.count ? pieces[place] : fragment.end..<fragment.end
      let gapEnd = min(next.lowerBound, fragment.end)
      if position < gapEnd {
        for index in position..<gapEnd { octets[index] = payload[index &- fragment.offset] }
        pieces.insert(position..<gapEnd, at: place)
        count &+= gapEnd &- position
        place &+= 1
      }
      position = max(next.upperBound, gapEnd)
      place &+= 1
    }
    return count > before
  }

  /// The place of the first piece that ends behind `offset`, by halves.
  private func firstPiece(endingBehind offset: Int) -> Int {
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low &+ high) / 2
      if pieces[middle].upperBound > offset { high = middle } else { low = middle &+ 1 }
    }
    return low
  }
}
