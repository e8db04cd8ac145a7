import PacketText
import PacketWire
import ProbeEngine

/// What is told of the stamps that delays lie between.
extension PingText {
  /// Where a card's stamps were wanted and the delay is not between two of them.
  func appendSource(_ roundTrip: RoundTripTime, _ text: inout TextBuffer) {
    guard style.usesHardwareStamps, roundTrip.source != .hardware else { return }
    text.append(" (no hardware stamps)")
  }

  /// ` (host 0.009 + queue 0.001 + network 8.021 + host 0.014 ms)`: the way out, and back in. The delay
  /// is that of queue and network.
  func appendParts(_ roundTrip: RoundTripTime, _ text: inout TextBuffer) {
    guard let parts = roundTrip.parts else { return text.append(" (no stamps)") }
    for (name, part) in [
      (" (host ", parts.sending), (" + queue ", parts.queueing), (" + network ", parts.network),
      (" + host ", parts.receiving),
    ] {
      text.append(name)
      text.append(part, in: .milliseconds, decimals: 3)
    }
    text.append(" ms)")
  }

  /// How many of the delays lie between a card's stamps, where those were wanted.
  func sourceLine(_ summary: PingSummary, _ text: inout TextBuffer) {
    guard style.usesHardwareStamps, summary.received > 0 else { return }
    text.append("hardware stamps: ")
    text.append(decimal: summary.hardwareTimed)
    text.append(" of ")
    text.append(decimal: summary.received)
    text.append(" delays\n")
  }
}
