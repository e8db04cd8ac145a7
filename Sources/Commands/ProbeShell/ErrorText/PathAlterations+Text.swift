public import PacketText
public import ProbeEngine

extension TextBuffer {
  /// Appends what was done to a field, where, and how sure that is, in one line without its end:
  /// "between hop 2 and hop 5 (3 and 4 did not answer): DSCP bleached: 46 (EF) sent, 0 (CS0) quoted (RFC
  /// 2474 §3)".
  public mutating func append(_ alteration: PathAlteration) {
    switch alteration.cause {
    case .quotation:
      append(alteration.hops, as: "quotes", "quote")
      append(" otherwise than it came: ")
      append(alteration.comparison)
    case .path, .pathOrQuotation, .congestion:
      append(alteration.place)
      append(": ")
      append(alteration.comparison)
      if alteration.cause == .congestion { appendMarked(alteration.hops) }
      if alteration.cause == .pathOrQuotation { appendDoubt(alteration.hops) }
    }
  }

  /// Appends "between hop 2 and hop 5 (3 did not answer, 4 quotes too little)".
  public mutating func append(_ place: PathAlteration.Place) {
    if place.after == 0, place.isExact {
      append("before hop 1")
      return
    }
    if place.after == 0 {
      append("before hop ")
    } else {
      append("between hop ")
      append(decimal: place.after)
      append(" and hop ")
    }
    append(decimal: place.before)
    guard !place.isExact else { return }
    append(" (")
    if !place.silent.isEmpty {
      append(numbers: place.silent)
      append(" did not answer")
    }
    if !place.untold.isEmpty {
      if !place.silent.isEmpty { append(", ") }
      append(numbers: place.untold)
      append(place.untold.count == 1 ? " does not tell" : " do not tell")
    }
    append(octet: 0x29)
  }

  /// "hop 3 quotes", "hops 3 and 5 quote".
  private mutating func append(_ hops: [Int], as one: StaticString, _ several: StaticString) {
    append(hops.count == 1 ? "hop " : "hops ")
    append(numbers: hops)
    append(octet: 0x20)
    append(hops.count == 1 ? one : several)
  }

  private mutating func appendMarked(_ hops: [Int]) {
    append("; so came the probes of ")
    append(hops.count == 1 ? "hop " : "hops ")
    append(numbers: hops)
  }

  private mutating func appendDoubt(_ hops: [Int]) {
    append("; only hop ")
    append(numbers: hops)
    append(" has seen it: it may be quoted so and not have been so")
  }

  /// Numbers in order: "3", "3 and 4", "3, 5 and 7 to 9".
  mutating func append(numbers: [Int]) {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    // Two are no run.
    let parts = runs.flatMap { run in
      run.count > 2 ? [run] : run.map { $0...$0 }
    }
    for (index, part) in parts.enumerated() {
      if index > 0 { append(index == parts.count - 1 ? " and " : ", ") }
      append(decimal: part.lowerBound)
      guard part.count > 1 else { continue }
      append(" to ")
      append(decimal: part.upperBound)
    }
  }
}

extension PathAlterations {
  /// A line for each change of the path, then one for each wrong quotation; and what the changes to
  /// checksums, ports and addresses together are taken for.
  public var lines: [String] {
    var lines = (ofPath + ofQuotations).map { alteration in
      var text = TextBuffer(capacity: 0)
      text.append(alteration)
      return text.string
    }
    if let translation = ofPath.first(where: { $0.isTranslation }) {
      var text = TextBuffer(capacity: 0)
      text.append(translation.place)
      text.append(
        translation.change == .translated
          ? ": a translator of addresses (NAT)"
          : ": by a translator of addresses (NAT), it seems, that puts back what errors quote (RFC 3022 §4.3)"
      )
      lines.insert(text.string, at: 0)
    }
    return lines
  }
}
