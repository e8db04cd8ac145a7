import PacketWire

/// Whether a request's conditions hold (RFC 9110 §13).
struct HTTPConditions {
  /// What is to be done.
  enum Verdict {
    case proceed
    case notModified
    case failed
  }

  /// Of the representation that would be sent, with its quotes; always a strong one.
  let entityTag: String?
  let lastModified: WallInstant?
  let now: WallInstant

  /// By the precedence of §13.2.2: tags go before dates, what guards a change before what saves a
  /// transfer.
  func verdict(on fields: HTTPFields) -> Verdict {
    if let tags = fields["if-match"] {
      // Strong comparison: a weak tag never matches (§13.1.1).
      guard Self.tags(tags).contains(where: { $0 == "*" || $0 == entityTag }) else {
        return .failed
      }
    } else if let date = date(fields["if-unmodified-since"]), let changed = changedSince(date) {
      if changed { return .failed }
    }
    if let tags = fields["if-none-match"] {
      let isKnown = Self.tags(tags).contains {
        $0 == "*" || ($0.hasPrefix("W/") ? String($0.dropFirst(2)) : $0) == entityTag
      }
      return isKnown ? .notModified : .proceed
    }
    if let date = date(fields["if-modified-since"]), changedSince(date) == false {
      return .notModified
    }
    return .proceed
  }

  /// Whether a Range field counts (§13.1.5): the client has parts of this very representation.
  func allowsRange(_ fields: HTTPFields) -> Bool {
    guard let condition = fields["if-range"] else { return true }
    if condition.hasPrefix("\"") { return condition == entityTag }
    // A date counts when it is exactly that of the representation, and so long ago that it cannot
    // have changed once more in the same second (§8.8.2.2).
    guard let lastModified, lastModified.wholeSecond < now.wholeSecond else { return false }
    return condition == lastModified.httpDate
  }

  private func date(_ text: String?) -> WallInstant? {
    text.flatMap { WallInstant(httpDate: $0, now: now) }
  }

  /// In whole seconds, since dates say no more.
  private func changedSince(_ date: WallInstant) -> Bool? {
    lastModified.map { $0.wholeSecond > date.wholeSecond }
  }

  /// The tags of a list, each with its quotes and its `W/`. A comma may stand inside of one.
  static func tags(_ field: String) -> [String] {
    var tags: [String] = []
    var tag = ""
    var isQuoted = false
    for character in field {
      switch character {
      case "\"":
        isQuoted.toggle()
        tag.append(character)
      case ",", " ", "\t":
        if isQuoted {
          tag.append(character)
        } else if !tag.isEmpty {
          tags.append(tag)
          tag = ""
        }
      default: tag.append(character)
      }
    }
    return tag.isEmpty || isQuoted ? tags : tags + [tag]
  }
}
