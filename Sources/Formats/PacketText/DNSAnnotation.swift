import PacketWire

/// A few octets of a DNS message that belong together, and what they are.
public struct DNSPart: Hashable, Sendable {
  /// What part of a message octets belong to.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// The first twelve octets.
    case header
    /// What is asked.
    case question
    /// Records that answer it.
    case answer
    /// Records that point to an authority.
    case authority
    /// Records that may help.
    case additional
    /// The two octets that stand for the rest of a name, wherever they are.
    case pointer
    /// What is behind the last record, or cannot be read.
    case remainder
  }

  /// Where they are.
  public var range: Range<Int>
  /// What part of the message they belong to.
  public var kind: Kind
  /// What they are and say: safe text on one line.
  public var meaning: String
}

extension DNSPart {
  /// No more is told of a name or a text, in characters.
  public static let longestText = 100

  /// Every octet of a DNS message (RFC 1035 §4.1), and what it is.
  ///
  /// Any octets can be given: what cannot be read is a remainder. The parts follow each other from the
  /// first octet to the last and none is empty. Of names and texts only `longestText` is told, so that
  /// time and memory are bounded by the length of the message.
  public static func all(of message: [UInt8]) -> [DNSPart] {
    var reader = DNSPartReader(message: message)
    if reader.takeHeader() {
      let complete =
        reader.takeQuestions()
        && reader.takeRecords(.answer, countAt: 6) && reader.takeRecords(.authority, countAt: 8)
        && reader.takeRecords(.additional, countAt: 10)
      reader.takeRemainder(
        complete ? "behind the last record" : "cannot be read as a DNS message any further")
    } else {
      reader.takeRemainder("no whole header: a DNS message has 12 octets at least")
    }
    return reader.parts
  }
}

/// How much of a message has been told.
struct DNSPartReader {
  let octets: DNSOctets
  private(set) var parts: [DNSPart] = []
  private(set) var position = 0

  init(message: [UInt8]) { octets = DNSOctets(message: message) }

  private var message: [UInt8] { octets.message }

  /// Tells of the next `count` octets; false if there are not so many before `limit`.
  mutating func take(
    _ count: Int, before limit: Int? = nil, _ kind: DNSPart.Kind,
    _ meaning: (DNSOctets, Int) -> String
  ) -> Bool {
    guard count >= 0, position + count <= min(limit ?? message.count, message.count) else {
      return false
    }
    guard count > 0 else { return true }
    parts.append(
      DNSPart(range: position..<position + count, kind: kind, meaning: meaning(octets, position)))
    position += count
    return true
  }

  /// Tells of all that is left before `limit`.
  mutating func takeRest(before limit: Int, _ kind: DNSPart.Kind, _ meaning: String) {
    _ = take(max(limit - position, 0), kind) { _, _ in meaning }
  }

  mutating func takeRemainder(_ meaning: String) {
    takeRest(before: message.count, .remainder, meaning)
  }

  /// Goes back to where a record's data begins, of which something else is told.
  mutating func forget(from start: Int) {
    while let last = parts.last, last.range.lowerBound >= start { parts.removeLast() }
    position = start
  }

  mutating func takeHeader() -> Bool {
    guard message.count >= DNSMessage.headerLength else { return false }
    _ = take(2, .header) { "identifier \($0.u16(at: $1))" }
    _ = take(2, .header) { "flags: " + DNSFlagWords(flags: $0.u16(at: $1)).text }
    for (what, plural) in [
      ("question", "questions"), ("answer", "answers"), ("authority", "authorities"),
      ("additional record", "additional records"),
    ] {
      _ = take(2, .header) {
        let count = $0.u16(at: $1)
        return "\(count) \(count == 1 ? what : plural)"
      }
    }
    return true
  }

  mutating func takeQuestions() -> Bool {
    for _ in 0..<octets.u16(at: 4) {
      guard takeName("name", .question, before: message.count),
        take(2, .question, { "type \(DNSType(rawValue: $0.u16(at: $1)).label)" }),
        take(2, .question, { "class \(DNSClass(rawValue: $0.u16(at: $1)).label)" })
      else { return false }
    }
    return true
  }

  /// A count may promise 65535 records, but each takes at least 11 octets that must be there.
  mutating func takeRecords(_ kind: DNSPart.Kind, countAt place: Int) -> Bool {
    for _ in 0..<octets.u16(at: place) {
      guard takeName("name", kind, before: message.count) else { return false }
      guard position + 10 <= message.count else { return false }
      let type = DNSType(rawValue: octets.u16(at: position))
      let length = Int(octets.u16(at: position + 8))
      _ = take(2, kind) { _, _ in "type \(type.label)" }
      takeClassAndTime(type, kind)
      _ = take(2, kind) { _, _ in "\(length) octet\(length == 1 ? "" : "s") of data" }
      let (start, end) = (position, position + length)
      guard end <= message.count else { return false }
      if !takeData(type, kind, before: end) || position != end {
        forget(from: start)
        takeRest(before: end, kind, "data that is not told of here")
      }
    }
    return true
  }

  private mutating func takeClassAndTime(_ type: DNSType, _ kind: DNSPart.Kind) {
    guard type == .opt else {
      _ = take(2, kind) { "class \(DNSClass(rawValue: $0.u16(at: $1)).label)" }
      _ = take(4, kind) { "time to live \($0.u32(at: $1)) s" }
      return
    }
    // RFC 6891 §6.1.2, §6.1.3.
    _ = take(2, kind) { "takes \($0.u16(at: $1)) octets over UDP" }
    _ = take(1, kind) { "upper bits of the response code: \($0.u8(at: $1))" }
    _ = take(1, kind) { "EDNS version \($0.u8(at: $1))" }
    _ = take(2, kind) {
      $0.u16(at: $1) & 0x8000 == 0 ? "EDNS flags: none" : "EDNS flags: signatures wanted"
    }
  }

  /// Tells of a name: its labels, and the pointer that stands for the rest of them. False if it does
  /// not end before `limit`.
  mutating func takeName(_ what: String, _ kind: DNSPart.Kind, before limit: Int) -> Bool {
    var end = position
    while end < limit {
      let octet = message[end]
      switch octet >> 6 {
      case 0b00:
        end += 1 + Int(octet)
        if octet == 0 {
          return take(end - position, before: limit, kind) { "\(what): \($0.nameText(at: $1))" }
        }
      case 0b11:
        let name = octets.nameText(at: position)
        if end > position {
          guard take(end - position, before: limit, kind, { _, _ in "\(what) begins: \(name)" })
          else { return false }
        }
        return take(2, before: limit, .pointer) {
          "\(what): as at octet \($0.u16(at: $1) & 0x3fff): \($0.nameText(at: $1))"
        }
      default: return false
      }
    }
    return false
  }
}

/// The octets of a message as numbers and texts.
struct DNSOctets {
  let message: [UInt8]

  func u8(at offset: Int) -> UInt8 { message.span[offset] }
  func u16(at offset: Int) -> UInt16 { message.span.u16(at: offset) }
  func u32(at offset: Int) -> UInt32 { message.span.u32(at: offset) }

  /// The name at an offset, as far as there is one.
  func nameText(at offset: Int) -> String {
    var text = TextBuffer(capacity: 0)
    if message.span.appendName(at: offset, into: &text) == nil { text.append(" (no whole name)") }
    return SafeText.escaped(text.octets.span, atMost: DNSPart.longestText)
  }

  /// Some octets as text.
  func text(at offset: Int, _ count: Int) -> String {
    SafeText.escaped(
      message.span.extracting(offset..<offset + count), atMost: DNSPart.longestText)
  }
}
