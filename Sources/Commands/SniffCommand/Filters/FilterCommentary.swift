import LinuxNet
import LiveCapture
import PacketWire

/// A comment on each instruction of a compiled filter.
///
/// The program is walked from its start, with what is known at each place: which protocol was found,
/// behind how many tags, and what the last number that was loaded is. Where two ways meet that do not
/// agree, it is not known, and the comment is about the place only.
struct FilterCommentary {
  /// What is known before an instruction.
  struct Knowledge: Hashable {
    var tags = 0
    var network = FilterPlaces.Network.unknown
    var accumulator = FilterPlaces.Meaning.unknown
    /// X holds the length of the IPv4 header.
    var hasHeaderLength = false

    func merged(with other: Knowledge) -> Knowledge {
      var both = self
      if other.tags != tags { both.tags = min(tags, other.tags) }
      if other.network != network { both.network = .unknown }
      if other.accumulator != accumulator { both.accumulator = .unknown }
      both.hasHeaderLength = hasHeaderLength && other.hasHeaderLength
      return both
    }
  }

  private let program: [FilterInstruction]
  private let places: FilterPlaces

  init(_ program: FilterProgram, linkType: LinkType) {
    self.program = program.instructions
    places = FilterPlaces(linkType)
  }

  /// A comment for each instruction.
  var comments: [String] {
    var before = [Knowledge?](repeating: nil, count: program.count)
    if !program.isEmpty { before[0] = Knowledge() }
    // Jumps go forward only (the kernel checks that), so that one pass sees every way.
    return program.indices.map { index in
      guard let known = before[index] else { return "nothing leads here" }
      for (target, next) in ways(from: index, known) where target < program.count {
        before[target] = before[target].map { $0.merged(with: next) } ?? next
      }
      return comment(on: program[index], known)
    }
  }

  /// Where an instruction leads, and what is known there.
  private func ways(from index: Int, _ known: Knowledge) -> [(Int, Knowledge)] {
    let step = program[index]
    var next = known
    switch step.code & 7 {
    case 6: return []
    case 5 where step.code == 0x05: return [(index + 1 + Int(step.constant), known)]
    case 5:
      var yes = known
      if step.code == 0x15 { places.learn(step.constant, &yes) }
      return [
        (index + 1 + Int(step.skipIfTrue), yes), (index + 1 + Int(step.skipIfFalse), known),
      ]
    case 0: next.accumulator = meaning(of: step, known)
    case 1: next.hasHeaderLength = step.code == 0xb1
    case 4:
      // A mask of the first octet leaves the version; other sums are not followed.
      next.accumulator =
        known.accumulator == .version && step.code == 0x54 ? .version : .computed
    default: break
    }
    return [(index + 1, next)]
  }

  private func meaning(of step: FilterInstruction, _ known: Knowledge) -> FilterPlaces.Meaning {
    switch step.code & 0xe0 {
    case 0x20: places.meaning(at: step.constant, width: step.code & 0x18, known)
    case 0x40 where known.hasHeaderLength:
      places.meaning(behindHeader: step.constant, known)
    case 0x80: .length
    default: .unknown
    }
  }

  private func comment(on step: FilterInstruction, _ known: Knowledge) -> String {
    switch step.code & 7 {
    case 6:
      return step.constant == 0 ? "drop" : "let through, \(step.constant) octets of it at most"
    case 5: return step.code == 0x05 ? "go on there" : question(step, known)
    case 0:
      let meaning = meaning(of: step, known)
      return meaning == .unknown ? "load" : "load \(meaning.words)"
    case 1: return step.code == 0xb1 ? "X: the length of the IPv4 header" : "X"
    case 4: return known.accumulator == .version ? "only its version" : "calculate"
    default: return "keep for later"
    }
  }

  private func question(_ step: FilterInstruction, _ known: Knowledge) -> String {
    let value = known.accumulator.value(step.constant)
    switch step.code & 0xf8 {
    case 0x10: return "\(known.accumulator.subject) \(value)?"
    case 0x20: return "\(known.accumulator.subject) more than \(value)?"
    case 0x30: return "\(known.accumulator.subject) at least \(value)?"
    case 0x40 where known.accumulator == .fragment:
      return "a later fragment, without ports?"
    case 0x40: return "any of these bits set?"
    default: return "compare with X"
    }
  }
}
