import FlowAnalysis
import PacketWire

extension PageStory {
  /// What a SYN is in a race for a name, as a further sentence.
  mutating func raced(_ scene: TCPScene, _ sentence: inout Sentence) {
    let before = races.begin(scene.facts)
    if let (query, known) = races.unawaited(scene.facts) {
      let time = Words.duration(scene.mark.time - known.time)
      sentence.add(
        ifRoom:
          " It has waited for the answer to \(sentence.refer(query)) for \(time), and no longer.")
    }
    guard let last = before.last else { return }
    if last.result == .unanswered {
      sentence.add(" It races \(sentence.refer(last.syn)), which has no answer")
      sentence.add("\(Words.after(last.syn, scene.mark)).")
    } else if let end = last.end {
      sentence.add(" It is the next try, for \(sentence.refer(last.syn)) has failed in ")
      sentence.add("\(sentence.refer(end)).")
    }
  }

  /// What the opening of a connection is in a race; where data comes with it, only that it has won.
  mutating func decided(_ scene: TCPScene, isBrief: Bool = false, _ sentence: inout Sentence) {
    let (beaten, winner) = races.open(scene.facts.flow, scene.mark)
    if let winner, let end = winner.end {
      guard !isBrief else { return }
      sentence.add(
        ifRoom: " Too late: \(winner.flow) has won the race in \(sentence.refer(end)).")
    } else if !beaten.isEmpty {
      let syns = beaten.map { sentence.refer($0.syn) }
      sentence.add(" It wins the race against \(Words.list(syns)).")
    }
  }

  /// That a connection has lost a race, where it is answered late or given up.
  func lost(_ scene: TCPScene, _ sentence: inout Sentence) {
    guard let winner = races.winner(over: scene.facts.flow), let end = winner.end else { return }
    sentence.add(
      ifRoom: " It has lost the race to \(winner.flow), open since \(sentence.refer(end)).")
  }
}
