/// What became of one field from hop to hop.
struct FieldHistory {
  typealias Comparison = ProbeAlteration.Comparison

  /// What a hop tells of the field.
  enum Sight {
    /// It did not answer.
    case silent
    /// It does not quote the field, nobody knows what was sent, or its quotations do not agree.
    case untold
    /// As it was sent, or as it should be.
    case asSent
    /// Changed.
    case changed(Comparison, Change)
  }

  let field: DatagramField
  private var sights: [(distance: Int, sight: Sight)] = []
  private(set) var alterations: [PathAlteration] = []

  /// Reads the history of a field; `hops` in the order of their distance.
  init(of field: DatagramField, in hops: [QuotingHop]) {
    self.field = field
    sights = hops.map { ($0.distance, Self.sight(of: field, at: $0)) }
    setAside(.quotation) { $1.isOfQuotation($0.field) }
    setAside(.congestion) { $1 == .congestionMarked }
    followPath()
  }

  private static func sight(of field: DatagramField, at hop: QuotingHop) -> Sight {
    guard hop.hasAnswered else { return .silent }
    var result: Sight?
    for alteration in hop.alterations {
      guard let comparison = alteration[field] else { continue }
      let sight: Sight
      switch comparison.finding {
      case .unknown: continue
      case .same, .expected: sight = .asSent
      case .altered(let change): sight = .changed(comparison, change)
      }
      if let result, !isSame(result, sight, field) { return .untold }
      result = result ?? sight
    }
    return result ?? .untold
  }

  /// Both sights are of the same state of the field.
  private static func isSame(_ one: Sight, _ other: Sight, _ field: DatagramField) -> Bool {
    switch (one, other) {
    case (.asSent, .asSent): true
    case (.changed(let one, let change), .changed(let other, let otherChange)):
      change == otherChange && (!field.isSteady || one.quoted == other.quoted)
    default: false
    }
  }

  private func isSame(_ one: Int, _ other: Sight) -> Bool {
    Self.isSame(sights[one].sight, other, field)
  }

  /// Takes changes out that follow rules of their own; where the hops that saw them stand, nothing is
  /// told about what the path did from there on.
  private mutating func setAside(
    _ cause: PathAlteration.Cause, where isSuch: (Comparison, Change) -> Bool
  ) {
    var found: [Int] = []
    for index in sights.indices {
      guard case .changed(let comparison, let change) = sights[index].sight,
        isSuch(comparison, change)
      else { continue }
      found.append(index)
    }
    appendGroups(found, cause)
    for index in found { sights[index].sight = .untold }
  }

  /// Goes along the path: from the state that holds, at first that of this host, to the last hop that
  /// has seen it. Others before that hop quote something that was not so; behind it the next state begins.
  private mutating func followPath() {
    var (state, next) = (Sight.asSent, 0)
    while next < sights.count {
      let last = sights.indices[next...].last { isSame($0, state) } ?? next - 1
      if last >= next {
        appendGroups((next...last).filter { !isSame($0, state) && isChange($0) }, .quotation)
      }
      guard let first = sights.indices[(last + 1)...].first(where: { isChange($0) }) else {
        return
      }
      state = sights[first].sight
      let seen = sights.indices[first...].filter { isSame($0, state) }
      append(seen, seen.count == 1 ? .pathOrQuotation : .path)
      next = first
    }
  }

  private func isChange(_ index: Int) -> Bool {
    if case .changed = sights[index].sight { true } else { false }
  }

  /// Each state that these hops have seen once.
  private mutating func appendGroups(_ indices: [Int], _ cause: PathAlteration.Cause) {
    var rest = indices
    while let first = rest.first {
      let sight = sights[first].sight
      append(rest.filter { isSame($0, sight) }, cause)
      rest.removeAll { isSame($0, sight) }
    }
  }

  private mutating func append(_ indices: [Int], _ cause: PathAlteration.Cause) {
    guard let first = indices.first,
      case .changed(let comparison, let change) = sights[first].sight
    else { return }
    alterations.append(
      PathAlteration(
        field: field, comparison: comparison, change: change, cause: cause,
        place: place(before: first), hops: indices.map { sights[$0].distance }))
  }

  /// The hops before one, back to the nearest that tells something.
  private func place(before index: Int) -> PathAlteration.Place {
    var place = PathAlteration.Place(after: 0, before: sights[index].distance)
    for (distance, sight) in sights[..<index].reversed() {
      switch sight {
      case .asSent, .changed:
        place.after = distance
        return place
      case .silent: place.silent.insert(distance, at: 0)
      case .untold: place.untold.insert(distance, at: 0)
      }
    }
    return place
  }
}
