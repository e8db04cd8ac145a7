import CaptureStatistics
import FlowAnalysis
import PacketText
import PacketWire
import TerminalText

/// Counts packets, and says at the end what they come to.
struct StatisticsTaker {
  private var statistics: CaptureStatistics
  private let text: StatisticsText
  private let events: StatisticsEvents?

  /// A taker for an output with these settings.
  init(_ choice: StatisticsChoice, _ settings: TerminalSettings, printsJSON: Bool) {
    statistics = CaptureStatistics(
      choice.kinds, limits: .forStatistics, inflaters: PackedMessages.source)
    text = StatisticsText(
      settings: settings, choice: choice, isASCII: !TerminalSettings.showsUnicode)
    events = printsJSON ? StatisticsEvents(choice: choice) : nil
  }

  /// Counts one packet.
  @inline(__always)
  mutating func count(_ packet: SniffedPacket, _ frame: borrowing Frame, _ octets: Span<UInt8>) {
    statistics.add(
      frame, octets, length: packet.originalLength,
      at: PacketMark(number: packet.number, time: packet.time))
  }

  /// Says what it all came to.
  mutating func finish(into out: inout TextBuffer) {
    if let events { events.append(statistics, to: &out) } else { text.append(statistics, to: &out) }
  }
}

extension AnalysisLimits {
  /// Statistics keep few hundred octets a conversation: a quarter of a million take some 150 MB.
  fileprivate static var forStatistics: AnalysisLimits {
    var limits = AnalysisLimits()
    limits.connections = 1 << 18
    limits.conversations = 1 << 18
    limits.otherFlows = 1 << 16
    return limits
  }
}
