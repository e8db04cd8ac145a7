import LinuxNet
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// The lines of a ping in the words of iputils, so that whatever reads those reads these. With several
/// targets each line begins with its target's name.
struct PingText {
  /// Whom probes go to.
  var targets: PingTargets
  /// How lines are to be.
  var style = Style()
  /// What `-I` said and the source it led to, if it was given.
  var origin: (source: IPAddress, interface: String)?
  /// ICMP payload, in octets.
  var payloadLength: Int
  /// Of the IP header that goes before it, options included, in octets.
  var headerLength = IPv4Header.minimumLength
  /// Of the first probe.
  var firstSequenceNumber: UInt16 = 1
  /// Names the session in each probe.
  var identifier: UInt16 = 0
  /// The target is a broadcast address.
  var isBroadcast = false
  /// What fills the payload, if that was chosen.
  var pattern: [UInt8] = []
  /// The interface that link-local addresses belong to, if there is one (RFC 4007 §11).
  var zone: String?
  /// How headings are shown.
  var styling = TerminalStyle.plain
  /// The name of an address, if it is known and wanted; safe to print.
  var name: (IPAddress) -> String?

  /// `PING host (addr) 56(84) bytes of data.`; IPv6 says it a little differently, and so does iputils.
  func start(_ text: inout TextBuffer) {
    if !pattern.isEmpty {
      text.append("PATTERN: 0x")
      for octet in pattern { text.append(hex: octet, digits: 2) }
      text.newline()
    }
    text.append("PING ")
    guard targets.count == 1 else {
      text.append(decimal: targets.count)
      text.append(" targets, ")
      text.append(decimal: payloadLength)
      text.append(" data bytes")
      return appendUnanswered(&text)
    }
    let target = targets.targets[0].address
    text.append(SafeText.escaped(targets.name(of: 0)))
    if target.family == .v4 {
      text.append(" (")
      text.append(target)
      text.append(") ")
    } else {
      text.append("(")
      appendPeer(target, &text, showsZone: targets.endpoints[0].scope != 0)
      text.append(") ")
    }
    if let origin {
      text.append("from ")
      text.append(origin.source)
      text.append(" ")
      text.append(SafeText.escaped(origin.interface))
      text.append(": ")
    }
    if let shortest = style.shortest {
      text.append(decimal: shortest)
      text.append("-")
    }
    text.append(decimal: payloadLength)
    if target.family == .v4 {
      text.append("(")
      if let shortest = style.shortest {
        text.append(decimal: shortest + headerLength + ICMPv4Header.length)
        text.append("-")
      }
      text.append(decimal: payloadLength + headerLength + ICMPv4Header.length)
      text.append(") bytes of data.")
    } else {
      text.append(" data bytes")
    }
    appendUnanswered(&text)
  }

  /// The line of a report that has one.
  func report(_ report: PingReport, _ text: inout TextBuffer) {
    switch report {
    case .reply(let answer) where style.asks: alive(answer, &text)
    case .reply(let answer): reply(answer, &text)
    case .answer(let answer): self.answer(answer, &text)
    case .error(let probe, let error): self.error(probe, error, &text)
    case .outstanding(let probe): outstanding(probe, &text)
    case .diagnosis(let diagnosis): self.diagnosis(diagnosis, &text)
    case .unreachable(let target):
      text.append(SafeText.escaped(targets.name(of: target)))
      if style.listsBoth { text.append(" is unreachable") }
    // Told elsewhere, or in events only.
    case .sendFailed, .lost, .rejected, .outage, .pathChange: break
    }
  }

  /// `host is alive`
  private func alive(_ answer: PingReply, _ text: inout TextBuffer) {
    text.append(SafeText.escaped(targets.name(of: answer.probe.target)))
    if style.listsBoth { text.append(" is alive") }
  }

  /// Names the target of a line, where there are several.
  func appendTarget(_ probe: PingProbe, _ text: inout TextBuffer) {
    guard targets.count > 1 else { return }
    text.append(SafeText.escaped(targets.label(of: probe.target)))
    text.append(": ")
  }

  /// `64 bytes from host (addr): icmp_seq=1 ttl=64 time=0.041 ms`
  func reply(_ answer: PingReply, _ text: inout TextBuffer) {
    appendTarget(answer.probe, &text)
    text.append(decimal: answer.reply.length)
    text.append(" bytes from ")
    appendPeer(answer.reply.source, &text)
    text.append(": icmp_seq=")
    appendSequenceNumber(answer.probe, &text)
    if style.isVerbose {
      text.append(" ident=")
      text.append(decimal: identifier)
    }
    if let timeToLive = answer.reply.timeToLive {
      text.append(" ttl=")
      text.append(decimal: timeToLive)
    }
    if answer.missingOctets > 0 { return text.append(" (truncated)") }
    text.append(" time=")
    appendTime(answer.roundTrip.duration, &text)
    text.append(" ms")
    if style.splitsDelays { appendParts(answer.roundTrip, &text) }
    appendSource(answer.roundTrip, &text)
    appendRemarks(answer, &text)
    if style.isAudible { text.append(octet: 0x07) }
  }

  func appendRemarks(_ answer: PingReply, _ text: inout TextBuffer) {
    let target = targets.targets[answer.probe.target].address
    // Every member of a group answers.
    if answer.isDuplicate, !(target.isMulticast || isBroadcast) || style.isVerbose {
      text.append(" (DUP!)")
    }
    if !answer.reply.isChecksumValid { text.append(" (BAD CHECKSUM!)") }
    if answer.reply.source != target, !target.isMulticast, !isBroadcast {
      text.append(" (DIFFERENT ADDRESS!)")
    }
    guard let damage = answer.reply.damage else { return }
    text.append("\nwrong data byte #")
    text.append(decimal: damage.offset)
    text.append(" should be 0x")
    text.append(hex: damage.expected, digits: 1)
    text.append(" but was 0x")
    text.append(hex: damage.seen, digits: 1)
  }

  /// `From host (addr) icmp_seq=1 Destination Host Unreachable`
  func error(_ probe: PingProbe, _ error: ICMPErrorReport, _ text: inout TextBuffer) {
    appendTarget(probe, &text)
    text.append("From ")
    if let source = error.source { appendPeer(source, &text) } else { text.append("this host") }
    text.append(" icmp_seq=")
    appendSequenceNumber(probe, &text)
    text.append(" ")
    text.append(error.iputilsText)
  }

  /// `no answer yet for icmp_seq=1`
  func outstanding(_ probe: PingProbe, _ text: inout TextBuffer) {
    appendTarget(probe, &text)
    text.append("no answer yet for icmp_seq=")
    appendSequenceNumber(probe, &text)
  }

  /// Counted for each target; with one target that is what stands on the wire.
  func sequenceNumber(of probe: PingProbe) -> UInt16 {
    UInt16(truncatingIfNeeded: probe.number) &+ firstSequenceNumber &- 1
  }

  private func appendSequenceNumber(_ probe: PingProbe, _ text: inout TextBuffer) {
    text.append(decimal: sequenceNumber(of: probe))
  }

  /// An address beside its name, or alone.
  func appendPeer(_ address: IPAddress, _ text: inout TextBuffer, showsZone: Bool = true) {
    let zone = showsZone ? zone : nil
    guard let name = name(address) else { return append(address, zone, &text) }
    text.append(name)
    text.append(" (")
    append(address, zone, &text)
    text.append(")")
  }

  /// `fe80::1%eth0`, as iputils has it.
  private func append(_ address: IPAddress, _ zone: String?, _ text: inout TextBuffer) {
    text.append(address)
    // Addresses of a link, and groups on it (RFC 4291 §2.7: scope 2).
    guard let zone, case .v6(let address) = address,
      address.isLinkLocal || address.bits >> 112 & 0xff0f == 0xff02
    else { return }
    text.append("%")
    text.append(SafeText.escaped(zone))
  }

  func appendTime(_ time: Nanoseconds, _ text: inout TextBuffer) {
    if style.isPrecise {
      text.append(time, in: .milliseconds, decimals: 3)
    } else {
      Self.appendTime(time, &text)
    }
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
