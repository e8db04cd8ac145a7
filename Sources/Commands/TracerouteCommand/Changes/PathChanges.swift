import EventJSON
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell

/// What the path did to the probes, printed behind the last hop.
struct PathChanges {
  private let alterations: PathAlterations

  /// What the hops of a finished trace quote.
  init(_ hops: [TraceHop]) {
    alterations = PathAlterations(
      hops: hops.map { hop in
        QuotingHop(
          distance: hop.timeToLive, hasAnswered: !hop.addresses.isEmpty,
          alterations: hop.outcomes.compactMap(\.alteration))
      })
  }

  /// A row for each field that some hop quotes changed, what the signs mean, and a sentence for each change.
  func table() -> [String] {
    let table = AlterationTable(alterations)
    guard table.rows.count > 1 else {
      return ["No hop quotes a field of the probes other than it was sent."]
    }
    return table.lines + [AlterationTable.legend] + sentences(alterations.all)
  }

  /// A sentence for each change that the path seems to have made.
  func notes() -> [String] { sentences(alterations.ofPath) }

  private func sentences(_ alterations: [PathAlteration]) -> [String] {
    alterations.map { alteration in
      var text = TextBuffer()
      text.append(alteration)
      return text.string.prefix(1).uppercased() + text.string.dropFirst() + "."
    }
  }

  /// Writes an event for each change.
  func forEachEvent(_ body: ((inout JSONObject) -> Void) -> Void) {
    for alteration in alterations.all {
      var text = TextBuffer()
      text.append(alteration)
      body { event in
        event.field("field", alteration.field.name)
        event.field("cause", alteration.cause.word)
        event.field("after_ttl", alteration.place.after)
        event.field("before_ttl", alteration.place.before)
        event.array("ttls") { array in
          for hop in alteration.hops { array.element(hop) }
        }
        event.field("text", text.string)
      }
    }
  }
}

extension TraceOutcome {
  /// The probe beside what its error quotes of it.
  fileprivate var alteration: ProbeAlteration? {
    if case .error(let error) = answer { error.alteration } else { nil }
  }
}

extension PathAlteration.Cause {
  /// One word for programs.
  fileprivate var word: String {
    switch self {
    case .path: "path"
    case .pathOrQuotation: "path_or_quotation"
    case .quotation: "quotation"
    case .congestion: "congestion"
    }
  }
}
