import PacketText
import PacketWire
import ProbeEngine

/// The lines of a ping in the words of iputils, so that whatever reads those reads these.
struct PingText {
  /// The name as it was typed.
  var host: String
  /// Where probes go.
  var target: IPAddress
  /// What `-I` said and the source it led to, if it was given.
  var origin: (source: IPAddress, interface: String)?
  /// ICMP payload, in octets.
  var payloadLength: Int
  /// The name of an address, if it is known and wanted; safe to print.
  var name: (IPAddress) -> String?

  /// `PING host (addr) 56(84) bytes of data.`; IPv6 says it a little differently, and so does iputils.
  func start(_ text: inout TextBuffer) {
    text.append("PING ")
    text.append(SafeText.escaped(host))
    if target.family == .v4 {
      text.append(" (")
      text.append(target)
      text.append(") ")
    } else {
      text.append("(")
      appendPeer(target, &text)
      text.append(") ")
    }
    if let origin {
      text.append("from ")
      text.append(origin.source)
      text.append(" ")
      text.append(SafeText.escaped(origin.interface))
      text.append(": ")
    }
    text.append(decimal: payloadLength)
    if target.family == .v4 {
      text.append("(")
      text.append(decimal: payloadLength + IPv4Header.minimumLength + ICMPv4Header.length)
      text.append(") bytes of data.")
    } else {
      text.append(" data bytes")
    }
  }

  /// `64 bytes from host (addr): icmp_seq=1 ttl=64 time=0.041 ms`
  func reply(_ answer: PingReply, _ text: inout TextBuffer) {
    text.append(decimal: answer.reply.length)
    text.append(" bytes from ")
    appendPeer(answer.reply.source, &text)
    text.append(": icmp_seq=")
    text.append(decimal: answer.reply.sequenceNumber)
    if let timeToLive = answer.reply.timeToLive {
      text.append(" ttl=")
      text.append(decimal: timeToLive)
    }
    text.append(" time=")
    Self.appendTime(answer.roundTrip.duration, &text)
    text.append(" ms")
    if answer.isDuplicate { text.append(" (DUP!)") }
    if !answer.reply.isChecksumValid { text.append(" (BAD CHECKSUM!)") }
    if answer.reply.source != target { text.append(" (DIFFERENT ADDRESS!)") }
    if let damage = answer.reply.damage {
      text.append("\nwrong data byte #")
      text.append(decimal: damage.offset)
      text.append(" should be 0x")
      text.append(hex: damage.expected, digits: 1)
      text.append(" but was 0x")
      text.append(hex: damage.seen, digits: 1)
    }
  }

  /// `From host (addr) icmp_seq=1 Destination Host Unreachable`
  func error(number: UInt64, _ error: ICMPErrorReport, _ text: inout TextBuffer) {
    text.append("From ")
    if let source = error.source { appendPeer(source, &text) } else { text.append("this host") }
    text.append(" icmp_seq=")
    text.append(decimal: UInt16(truncatingIfNeeded: number))
    text.append(" ")
    text.append(error.iputilsText)
  }

  /// `no answer yet for icmp_seq=1`
  func outstanding(number: UInt64, _ text: inout TextBuffer) {
    text.append("no answer yet for icmp_seq=")
    text.append(decimal: UInt16(truncatingIfNeeded: number))
  }

  /// An address beside its name, or alone.
  func appendPeer(_ address: IPAddress, _ text: inout TextBuffer) {
    guard let name = name(address) else { return text.append(address) }
    text.append(name)
    text.append(" (")
    text.append(address)
    text.append(")")
  }

  /// Milliseconds with as many decimals as iputils thinks worth while: three below 1 ms, then two,
  /// one and none as the number grows. What is rounded up to 1, 10 or 100 has the decimals of those.
  static func appendTime(_ time: Nanoseconds, _ text: inout TextBuffer) {
    let decimals: Int =
      switch time.count {
      case ..<999_500: 3
      case ..<9_995_000: 2
      case ..<99_950_000: 1
      default: 0
      }
    text.append(time, in: .milliseconds, decimals: decimals)
  }
}

// MARK: - Summary

extension PingText {
  /// The two or three lines behind a blank one, each ended.
  func summary(_ summary: PingSummary, printsPace: Bool, _ text: inout TextBuffer) {
    text.append("\n--- ")
    text.append(SafeText.escaped(host))
    text.append(" ping statistics ---\n")
    text.append(decimal: summary.transmitted)
    text.append(" packets transmitted, ")
    text.append(decimal: summary.received)
    text.append(" received")
    for (count, name) in [
      (summary.duplicates, " duplicates"), (summary.corrupted, " corrupted"),
      (summary.errors, " errors"),
    ] where count > 0 {
      text.append(", +")
      text.append(decimal: count)
      text.append(name)
    }
    if summary.transmitted > 0 {
      text.append(", ")
      text.append(Self.percentage(summary.lossRatio))
      text.append("% packet loss, time ")
      text.append(summary.elapsed, in: .milliseconds, decimals: 0, rounding: .towardZero)
      text.append("ms")
    }
    text.newline()
    rttLine(summary, printsPace: printsPace, &text)
    text.newline()
  }

  private func rttLine(_ summary: PingSummary, printsPace: Bool, _ text: inout TextBuffer) {
    var separator = ""
    if summary.rtt.count > 0 {
      text.append("rtt min/avg/max/mdev = ")
      Self.appendFigures(
        [
          summary.rtt.minimum, Nanoseconds(rounding: summary.rtt.mean), summary.rtt.maximum,
          Nanoseconds(rounding: summary.rtt.standardDeviation),
        ], &text)
      text.append(" ms")
      separator = ", "
    }
    if summary.pipe > 1 {
      text.append(separator)
      text.append("pipe ")
      text.append(decimal: summary.pipe)
      separator = ", "
    }
    if printsPace, summary.received > 0, summary.transmitted > 1 {
      text.append(separator)
      text.append("ipg/ewma ")
      let gap = summary.elapsed.count / Int64(summary.transmitted - 1)
      Self.appendFigures(
        [Nanoseconds(gap), Nanoseconds(rounding: summary.rtt.weightedMean)], &text)
      text.append(" ms")
    }
  }

  /// `3/3 packets, 0% loss, min/avg/ewma/max = 0.034/0.036/0.035/0.041 ms`
  static func status(_ summary: PingSummary, _ text: inout TextBuffer) {
    text.append(decimal: summary.received)
    text.append("/")
    text.append(decimal: summary.transmitted)
    text.append(" packets, ")
    text.append(decimal: Int(summary.lossRatio * 100))
    text.append("% loss")
    guard summary.rtt.count > 0 else { return }
    text.append(", min/avg/ewma/max = ")
    appendFigures(
      [
        summary.rtt.minimum, Nanoseconds(rounding: summary.rtt.mean),
        Nanoseconds(rounding: summary.rtt.weightedMean), summary.rtt.maximum,
      ], &text)
    text.append(" ms")
  }

  private static func appendFigures(_ figures: [Nanoseconds], _ text: inout TextBuffer) {
    for (index, figure) in figures.enumerated() {
      if index > 0 { text.append("/") }
      text.append(figure, in: .milliseconds, decimals: 3)
    }
  }

  /// A ratio of 0 to 1 as a percentage with six significant digits and no trailing zeros, which is
  /// what C's `%g` makes of it, but for the powers of ten that it has for less than 0.0001.
  static func percentage(_ ratio: Double) -> String {
    let percent = ratio * 100
    var decimals = 3
    var scale = 1_000.0
    while percent * scale < 100_000, decimals < 12 {
      decimals += 1
      scale *= 10
    }
    let digits = Int64((percent * scale).rounded())
    var buffer = TextBuffer(capacity: 0)
    buffer.append(fixedPoint: digits, places: decimals)
    var text = buffer.string
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}

extension Nanoseconds {
  /// The nearest whole number of nanoseconds.
  init(rounding count: Double) { self.init(Int64(count.rounded())) }
}
