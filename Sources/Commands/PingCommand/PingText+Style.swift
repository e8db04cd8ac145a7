import PacketText
import PacketWire
import ProbeEngine

extension PingText {
  /// How lines are to be.
  struct Style: Hashable {
    /// Round trips to the nanosecond's thousand, whatever their length (`-3`).
    var isPrecise = false
    /// Show the identifier, and duplicates of a group's answers.
    var isVerbose = false
    /// Ring the terminal's bell on each answer.
    var isAudible = false
    /// The figures of pace, which only matter where answers set it.
    var printsPace = false
    /// One line a target that answered or did not.
    var asks = false
    /// Say what each delay is made of.
    var splitsDelays = false
    /// Say of which delays the stamps are not the network card's.
    var usesHardwareStamps = false
    /// Both those who answered and those who did not are listed.
    var listsBoth = false
    /// No lines but the first and the last.
    var isQuiet = false
    /// The shortest payload of a sweep of sizes, in octets.
    var shortest: Int?
    /// iputils tells no delays of node information.
    var printsDelays = true
    /// The type of the probes, if no answer is expected to it.
    var unanswered: ProbeType?
  }
}

extension PingText.Style {
  /// As the options have it.
  init(_ options: PingOptions) {
    isPrecise = options.isPrecise
    isVerbose = options.isVerbose
    isAudible = options.isAudible
    isQuiet = options.isQuiet
    printsPace = options.interval == .zero || options.isAdaptive
    asks = options.asks
    splitsDelays = options.splitsDelays
    usesHardwareStamps = options.usesHardwareStamps
    shortest = options.paths.sizes?.lengths.lowerBound
    listsBoth = options.listsAlive && options.listsUnreachable
    unanswered = options.header.type
  }
}

extension PingText {
  /// That no answer is expected, on a line of its own.
  func appendUnanswered(_ text: inout TextBuffer) {
    guard let type = style.unanswered else { return }
    let families = [IPFamily.v4, .v6].filter { targets.has($0) }
    text.append("\nNo answer is expected to ")
    text.append(
      families.map { ($0 == .v4 ? "ICMP " : "ICMPv6 ") + type.text($0) }.joined(separator: " and "))
    guard families.allSatisfy({ type.isError($0) }) else {
      return text.append("; errors about it are told.")
    }
    let rules = families.map { $0 == .v4 ? "RFC 1122 §3.2.2" : "RFC 4443 §2.4" }
    text.append(", nor an error about it (\(rules.joined(separator: ", "))).")
  }
}
