import AddressOrigins
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell

/// A table of what became of each probe of a trace (RFC 4180).
struct TraceCSV {
  /// The target as it was typed.
  let host: String
  let target: IPAddress
  /// The name of an address, if it is known; safe to print.
  let name: (IPAddress) -> String?
  let origin: (IPAddress) -> AddressOrigin?
  let country: (IPAddress) -> String?

  /// The first line.
  static func start(_ text: inout TextBuffer) {
    text.append(
      "time,target,address,ttl,query,event,from,name,rtt_ms,answer_ttl,detail,asn,prefix,country,mpls,mtu,changed\r\n"
    )
  }

  /// A line for each probe of a hop; what does not apply is an empty cell.
  func append(_ hop: TraceHop, at time: WallInstant, to text: inout TextBuffer) {
    for (index, outcome) in hop.outcomes.enumerated() {
      text.append(
        Nanoseconds(time.nanoseconds), in: .seconds, decimals: 6, rounding: .towardZero)
      text.append(",")
      text.append(cell: SafeText.escaped(host))
      text.append(",\(target),\(hop.timeToLive),\(index + 1),\(Self.event(outcome)),")
      append(outcome, &text)
      text.append(",")
      if let source = outcome.source {
        append(origin(source), country(source), &text)
      } else {
        text.append(",,")
      }
      let labels = outcome.extensions?.labels ?? []
      text.append(",\(labels.map { "\($0.label)" }.joined(separator: " ")),")
      text.append(hop.mtu.map { "\($0.octets)" } ?? "")
      text.append(",")
      text.append(cell: outcome.changedFields.map(\.name).joined(separator: " "))
      text.append("\r\n")
    }
  }

  private static func event(_ outcome: TraceOutcome) -> String {
    switch outcome.answer {
    case .reply: "reply"
    case .error: "error"
    case nil: outcome.sendError == nil ? "lost" : "send_failed"
    }
  }

  /// From who answered to what he said.
  private func append(_ outcome: TraceOutcome, _ text: inout TextBuffer) {
    if let source = outcome.source { text.append(source) }
    text.append(",")
    text.append(cell: outcome.source.flatMap(name) ?? "")
    text.append(",")
    if let duration = outcome.roundTrip?.duration {
      text.append(duration, in: .milliseconds, decimals: 6)
    }
    text.append(",")
    if let timeToLive = outcome.answer?.timeToLive { text.append(decimal: timeToLive) }
    text.append(",")
    text.append(
      cell: outcome.error?.iputilsText ?? outcome.answer?.segmentWords
        ?? outcome.sendError.map { SystemError.message(for: $0) } ?? "")
  }

  private func append(_ origin: AddressOrigin?, _ country: String?, _ text: inout TextBuffer) {
    if let number = origin?.numbers.first { text.append(decimal: number) }
    text.append(",")
    text.append(cell: origin?.block.description ?? "")
    text.append(",")
    text.append(cell: country ?? "")
  }
}
