import FlowAnalysis
import PacketWire

extension PageStory {
  func fragment(_ fragment: FragmentFacts, _ facts: PacketFacts) -> Passage {
    let range = Words.bytes(
      Int64(fragment.offset + 1)..<Int64(fragment.offset + max(fragment.length, 1) + 1))
    var sentence = Sentence()
    if let first = fragment.first {
      sentence.add("Another piece of the packet that \(sentence.refer(first)) is a piece of")
    } else {
      sentence.add("A piece of a packet of \(fragment.protocolNumber.words) from ")
      sentence.add("\(Words.who(facts.source)) that was too long for a link")
    }
    sentence.add(": \(range)\(fragment.moreFragments ? "" : ", the last ones").")
    sentence.add(fragment.state.words)
    return Passage(.network, "IP", .other, sentence)
  }

  /// Says of what a packet was put together.
  func notePieces(_ facts: PacketFacts, _ sentence: inout Sentence) {
    guard let pieces = facts.pieces else { return }
    let numbers = pieces.numbers.map { sentence.refer($0) }
    let shown = pieces.count > 4 ? Array(numbers.prefix(3)) : numbers
    let others =
      pieces.count > 4
      ? "\(shown.joined(separator: ", ")) and \(pieces.count - 3) more"
      : Words.list(shown, limit: 4)
    sentence.add(" (With \(others) it is whole: the packet came in \(pieces.count + 1) pieces.)")
  }
}

extension FragmentFacts.State {
  /// Why the packet is not read with this piece, in a sentence behind another one.
  fileprivate var words: String {
    switch self {
    case .waiting: ""
    case .duplicate: " All of them came before."
    case .cut: " The capture holds only a part of them, so that the packet cannot be read."
    case .refused(.empty): " It carries nothing, and is left out."
    case .refused(.tooLong): " No packet can be as long as that: it is left out."
    case .refused(.oddLength):
      " Receivers leave it out, for a piece that others follow has a multiple of eight bytes."
    case .refused(.overlap):
      " They overlap others, for which receivers discard the whole packet (RFC 5722)."
    case .refused(.contradictoryLength):
      " The packet ends elsewhere by another piece: it is discarded."
    case .refused(.tooManyPieces): " There are too many pieces to put the packet together."
    case .refused(.discarded): " The packet was discarded before."
    }
  }
}
