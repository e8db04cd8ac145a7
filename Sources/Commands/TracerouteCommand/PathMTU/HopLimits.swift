import EventJSON
import PacketText
import PacketWire
import ProbeEngine

/// Where the path MTU changes, behind the last hop.
struct HopLimits {
  private let changes: [(hop: TraceHop, octets: Int, change: HopMTU.Change)]

  /// Those of a finished trace.
  init(_ hops: [TraceHop]) {
    changes = hops.compactMap { hop in
      guard let mtu = hop.mtu, let change = mtu.change else { return nil }
      return (hop, mtu.octets, change)
    }
  }

  /// A sentence for each change; those that nobody else tells, black holes, even if not `all` are wanted.
  func sentences(all: Bool) -> [String] {
    changes.filter { all || $0.change.limit == .blackHole }.map { sentence($0) }
  }

  /// Writes an event for each change.
  func forEachEvent(_ body: ((inout JSONObject) -> Void) -> Void) {
    for change in changes {
      body { event in
        event.field("ttl", change.hop.timeToLive)
        event.field("mtu", change.octets)
        event.field("previous_mtu", change.change.previous)
        event.field("limit", change.change.limit.rawValue)
        event.field("from", change.change.router)
        event.field("after_ttl", change.change.after)
        event.field("text", sentence(change))
      }
    }
  }

  private func sentence(
    _ entry: (hop: TraceHop, octets: Int, change: HopMTU.Change)
  ) -> String {
    var text = TextBuffer()
    switch entry.change.limit {
    case .none:
      text.append("Packets of ")
      text.append(decimal: entry.octets)
      text.append(" octets, the longest that were tried, come to hop ")
      text.append(decimal: entry.hop.timeToLive)
      text.append(".")
    case .ownLink:
      text.append("This host's own link takes packets of ")
      text.append(decimal: entry.octets)
      text.append(" octets at the most.")
    case .router:
      place(entry.hop, entry.change, &text)
      text.append(" packets may have ")
      text.append(decimal: entry.octets)
      text.append(" octets at the most")
      if let router = entry.change.router {
        text.append(": ")
        text.append(router)
        text.append(" says so")
      }
      text.append(".")
    case .blackHole:
      text.append("A black hole: ")
      place(entry.hop, entry.change, &text)
      text.append(" packets of more than ")
      text.append(decimal: entry.octets)
      text.append(
        " octets vanish and no router says so. Connections that send longer ones hang.")
    }
    let sentence = text.string
    return sentence.prefix(1).uppercased() + sentence.dropFirst()
  }

  private func place(
    _ hop: TraceHop, _ change: HopMTU.Change, _ text: inout TextBuffer
  ) {
    let last = hop.timeToLive
    if change.previous == nil {
      text.append("on the way to hop ")
    } else {
      text.append("between hop ")
      text.append(decimal: change.after)
      text.append(" and hop ")
    }
    text.append(decimal: last)
  }
}
