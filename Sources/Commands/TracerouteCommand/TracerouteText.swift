import AddressOrigins
import PacketText
import PacketWire
import ProbeEngine

/// The lines of a trace in the shape of Linux traceroute, so that whatever reads those reads these.
struct TracerouteText {
  /// The name as it was typed.
  var host: String
  /// Where probes go.
  var target: IPAddress
  /// What is printed.
  var options = TracerouteOptions.Output()
  /// The name of an address, if it is known; safe to print.
  var name: (IPAddress) -> String?
  /// Who runs an address, if it is known; nil where nobody wants to know.
  var origin: ((IPAddress) -> AddressOrigin?)?
  /// In which country an address is, if that is known; nil where nobody wants to know.
  var country: ((IPAddress) -> String?)?

  /// `traceroute to host (addr), 30 hops max, 60 byte packets`
  func start(maximumTTL: Int, packetLength: Int, _ text: inout TextBuffer) {
    text.append("traceroute to ")
    text.append(SafeText.escaped(host))
    text.append(" (")
    text.append(target)
    text.append("), ")
    text.append(decimal: maximumTTL)
    text.append(" hops max, ")
    text.append(decimal: packetLength)
    text.append(" byte packets")
  }

  /// ` 3  name (addr)  0.345 ms * other (addr)  0.177 ms !X`
  func hop(_ hop: TraceHop, _ text: inout TextBuffer) {
    let start = text.count
    text.append(decimal: hop.timeToLive)
    text.padLeft(from: start, to: 2)
    text.append(" ")
    var previous: TraceOutcome?
    var limit = hop.mtu?.change == nil ? nil : hop.mtu?.octets
    for outcome in hop.outcomes {
      guard let source = outcome.source, let roundTrip = outcome.roundTrip else {
        text.append(" *")
        continue
      }
      if previous.map({ differs(outcome, from: $0) }) ?? true {
        text.append(" ")
        appendPeer(source, &text)
        appendOrigin(of: source, &text)
        appendCountry(of: source, &text)
        appendExtras(outcome, hop.timeToLive, &text)
      }
      previous = outcome
      text.append("  ")
      text.append(roundTrip.duration, in: .milliseconds, decimals: 3)
      text.append(" ms")
      appendMark(outcome, &text)
      if let octets = limit.take() {
        text.append(" F=")
        text.append(decimal: octets)
      }
    }
  }

  /// Who answered is told again where something of it is new, as traceroute does.
  private func differs(_ outcome: TraceOutcome, from previous: TraceOutcome) -> Bool {
    outcome.source != previous.source
      || options.showsExtensions && outcome.extensions != previous.extensions
      || options.showsHopsBack && outcome.answer?.hopsBack != previous.answer?.hopsBack
  }

  private func appendExtras(
    _ outcome: TraceOutcome, _ timeToLive: Int, _ text: inout TextBuffer
  ) {
    if options.showsExtensions, let extensions = outcome.extensions { text.append(extensions) }
    if options.showsHopsBack, let hops = outcome.answer?.hopsBack, hops != timeToLive {
      text.append(" '-")
      text.append(decimal: hops)
      text.append("'")
    }
  }

  private func appendMark(_ outcome: TraceOutcome, _ text: inout TextBuffer) {
    if let mark = outcome.error?.tracerouteMark {
      text.append(" ")
      text.append(mark)
    }
    guard options.showsReplies, let words = outcome.answer?.segmentWords else { return }
    text.append(" <")
    text.append(words)
    text.append(">")
  }

  /// ` [DE]`, or nothing.
  private func appendCountry(of address: IPAddress, _ text: inout TextBuffer) {
    guard let country = country?(address) else { return }
    text.append(" [")
    text.append(country)
    text.append("]")
  }

  /// ` [AS64500]`, ` [AS64500/AS64501]` where several announce the address, ` [*]` where nobody is known to.
  private func appendOrigin(of address: IPAddress, _ text: inout TextBuffer) {
    guard let origin else { return }
    let numbers = origin(address)?.numbers ?? []
    text.append(numbers.isEmpty ? " [*" : " [")
    for (index, number) in numbers.enumerated() {
      text.append(index == 0 ? "AS" : "/AS")
      text.append(decimal: number)
    }
    text.append("]")
  }

  func appendPeer(_ address: IPAddress, _ text: inout TextBuffer) {
    guard !options.isNumeric else { return text.append(address) }
    if let name = name(address) { text.append(name) } else { text.append(address) }
    text.append(" (")
    text.append(address)
    text.append(")")
  }
}

extension ICMPErrorReport {
  /// What traceroute prints behind a time for an answer that is neither "time exceeded" nor the
  /// target's own "port unreachable".
  var tracerouteMark: String? {
    if isTimeExceededInTransit { return nil }
    switch family {
    case .v4:
      guard type == ICMPv4Header.MessageType.destinationUnreachable.rawValue else { break }
      return ipv4UnreachableMark
    case .v6:
      switch ICMPv6Header.MessageType(rawValue: type) {
      case .destinationUnreachable: return ipv6UnreachableMark
      case .packetTooBig: return "!F-\(detail)"
      case .parameterProblem where code == 1: return "!P"
      default: break
      }
    }
    return "!<\(type)-\(code)>"
  }

  private var ipv4UnreachableMark: String? {
    switch code {
    case 0, 6, 8, 11: "!N"
    case 1, 7, 12: "!H"
    case 2: "!P"
    case 3: nil
    case 4: "!F-\(detail & 0xffff)"
    case 5: "!S"
    case 9, 10, 13: "!X"
    case 14: "!V"
    case 15: "!C"
    default: "!<\(code)>"
    }
  }

  private var ipv6UnreachableMark: String? {
    switch code {
    case 0: "!N"
    case 1: "!X"
    case 2, 3: "!H"
    case 4: nil
    default: "!<\(code)>"
    }
  }
}
