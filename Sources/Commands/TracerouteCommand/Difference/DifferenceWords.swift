import AddressOrigins
import OriginLookUp
import PacketText
import PacketWire
import ProbeEngine

/// What has changed between two traces, in words.
struct DifferenceWords {
  /// Something that has changed.
  struct Finding {
    /// One word for programs.
    var kind: String
    /// The TTL in the first trace, and in the second.
    var before: Int?
    var after: Int?
    /// A whole sentence.
    var text: String
  }

  let comparison: PathComparison
  let before: RecordedTrace
  let after: RecordedTrace
  /// The files.
  let paths: [String]
  let origins: HostOrigins?
  let isNumeric: Bool

  /// An address with its name, if that was found.
  private func name(_ address: IPAddress) -> String {
    guard !isNumeric, let name = after.names[address] ?? before.names[address] else {
      return "\(address)"
    }
    return "\(SafeText.escaped(name)) (\(address))"
  }

  private func names(_ hop: PathSketch.Hop) -> String {
    hop.isSilent ? "nobody" : hop.addresses.map { name($0) }.joined(separator: ", ")
  }

  static func milliseconds(_ time: Nanoseconds) -> String {
    var text = TextBuffer()
    text.append(time, in: .milliseconds, decimals: 1)
    return text.string + " ms"
  }

  // MARK: What has changed

  /// Everything that has changed, the route first.
  var findings: [Finding] {
    targetFindings + comparison.rows.compactMap { finding($0) } + lengthFindings + linkFindings
      + systemFindings + mtuFindings + delayFindings
  }

  private var targetFindings: [Finding] {
    var findings: [Finding] = []
    let (old, new) = (before.probe.target, after.probe.target)
    if old != new {
      findings.append(
        Finding(kind: "target", text: "The target was \(name(old)) and is \(name(new))."))
    }
    if comparison.before.isReached != comparison.after.isReached {
      findings.append(
        comparison.after.isReached
          ? Finding(kind: "reached", text: "The target did not answer and does now.")
          : Finding(kind: "unreached", text: "The target answered and does not now."))
    }
    return findings
  }

  private func finding(_ row: PathComparison.Row) -> Finding? {
    let (old, new) = (row.before, row.after)
    let place = new?.timeToLive ?? old?.timeToLive ?? 0
    let text: String
    switch (row.change, old, new) {
    case (.replaced, let old?, let new?):
      text = "Hop \(hop(old, new)) was \(names(old)) and is \(names(new))."
    case (.gone, let old?, _): text = "What was hop \(old.timeToLive), \(names(old)), is gone."
    case (.new, _, let new?): text = "Hop \(place), \(names(new)), is new."
    case (.silenced, let old?, _):
      text = "Hop \(place) says nothing where \(names(old)) answered."
    case (.heard, _, let new?): text = "Hop \(place) said nothing, and \(names(new)) answers."
    case (.mixed, let old?, let new?): text = mixed(old, new)
    default: return nil
    }
    return Finding(
      kind: row.change.rawValue, before: old?.timeToLive, after: new?.timeToLive, text: text)
  }

  private func hop(_ old: PathSketch.Hop, _ new: PathSketch.Hop) -> String {
    old.timeToLive == new.timeToLive
      ? "\(new.timeToLive)" : "\(new.timeToLive) (\(old.timeToLive) before)"
  }

  private func mixed(_ old: PathSketch.Hop, _ new: PathSketch.Hop) -> String {
    let gone = old.addresses.filter { !new.addresses.contains($0) }.map { name($0) }
    let added = new.addresses.filter { !old.addresses.contains($0) }.map { name($0) }
    var parts: [String] = []
    if !gone.isEmpty { parts.append("without \(gone.joined(separator: ", "))") }
    if !added.isEmpty { parts.append("with \(added.joined(separator: ", "))") }
    return "Hop \(hop(old, new)) is now \(parts.joined(separator: " and "))."
  }

  private var lengthFindings: [Finding] {
    let (old, new) = (comparison.before, comparison.after)
    guard old.isReached, new.isReached, let last = old.hops.last?.timeToLive,
      let now = new.hops.last?.timeToLive, last != now
    else { return [] }
    return [
      Finding(
        kind: "length", before: last, after: now,
        text: "The target was \(last) hops away and is \(now).")
    ]
  }

  private var linkFindings: [Finding] {
    guard let links = comparison.links else { return [] }
    func words(_ link: PathSketch.Link) -> String { "from \(name(link.from)) to \(name(link.to))" }
    return links.gone.map { Finding(kind: "way_gone", text: "The way \(words($0)) is gone.") }
      + links.new.map { Finding(kind: "way_new", text: "The way \(words($0)) is new.") }
  }

  // MARK: Systems, lengths, times

  private var systemFindings: [Finding] {
    let (old, new) = (systems(comparison.before), systems(comparison.after))
    guard origins != nil, old != new else { return [] }
    func list(_ systems: [UInt32]) -> String {
      systems.isEmpty ? "none that is known" : systems.map { "AS\($0)" }.joined(separator: " ")
    }
    return [
      Finding(
        kind: "systems", text: "The way led through \(list(old)) and leads through \(list(new)).")
    ]
  }

  /// The systems of the first router of each hop, each once where it stands in a row.
  private func systems(_ path: PathSketch) -> [UInt32] {
    var systems: [UInt32] = []
    for hop in path.hops {
      guard let number = hop.addresses.first.flatMap({ origins?.origin(of: $0)?.numbers.first }),
        number != systems.last
      else { continue }
      systems.append(number)
    }
    return systems
  }

  private var mtuFindings: [Finding] {
    guard let old = comparison.before.mtu, let new = comparison.after.mtu, old != new
    else { return [] }
    return [
      Finding(kind: "mtu", text: "The path took packets of \(old) octets and takes \(new).")
    ]
  }

  private var delayFindings: [Finding] {
    guard let delay = comparison.delay, comparison.rows.indices.contains(delay.from) else {
      return []
    }
    let row = comparison.rows[delay.from]
    let growth = delay.after - delay.before
    let change =
      growth > .zero
      ? "\(Self.milliseconds(growth)) farther" : "\(Self.milliseconds(.zero - growth)) nearer"
    var text = "The end of the path is \(change): \(Self.milliseconds(delay.before)) before, "
    text += "\(Self.milliseconds(delay.after)) now"
    if let hop = row.after, delay.from < comparison.rows.count - 1 {
      text += "; that begins at hop \(hop.timeToLive), \(names(hop))"
    }
    return [
      Finding(
        kind: "delay", before: row.before?.timeToLive, after: row.after?.timeToLive,
        text: text + ".")
    ]
  }

  /// All of it, or that there is nothing.
  func sentences(_ findings: [Finding]) -> [String] {
    findings.isEmpty
      ? ["Nothing has changed that is not within what such traces differ by."]
      : findings.map(\.text) + [flowNote].compactMap { $0 }
  }

  /// Single flows are sent one of several ways: another one need not be a change.
  private var flowNote: String? {
    guard comparison.hasChangedRoute, comparison.before.links == nil,
      comparison.after.links == nil, flow(before) != flow(after)
    else { return nil }
    return
      "The traces were of different flows, which routers that balance may send different ways: "
      + "recordings of --mda compare all ways, and --sport keeps a flow of UDP or TCP."
  }

  private func flow(_ trace: RecordedTrace) -> [String] {
    let ports = trace.probe.method.ports(of: TraceRequest(number: 0, timeToLive: 1))
    return [
      "\(trace.probe.source)", "\(trace.options.kind)", "\(ports?.source ?? 0)",
      "\(ports?.destination ?? 0)",
    ]
  }
}
