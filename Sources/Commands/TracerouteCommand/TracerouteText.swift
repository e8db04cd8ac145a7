import PacketText
import PacketWire
import ProbeEngine

/// The lines of a trace in the shape of Linux traceroute, so that whatever reads those reads these.
struct TracerouteText {
  /// The name as it was typed.
  var host: String
  /// Where probes go.
  var target: IPAddress
  /// Print addresses alone.
  var isNumeric: Bool
  /// The name of an address, if it is known; safe to print.
  var name: (IPAddress) -> String?

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
    var previous: IPAddress?
    for outcome in hop.outcomes {
      guard let source = outcome.source, let roundTrip = outcome.roundTrip else {
        text.append(" *")
        continue
      }
      if source != previous {
        text.append(" ")
        appendPeer(source, &text)
        previous = source
      }
      text.append("  ")
      text.append(roundTrip.duration, in: .milliseconds, decimals: 3)
      text.append(" ms")
      if let mark = outcome.error?.tracerouteMark {
        text.append(" ")
        text.append(mark)
      }
    }
  }

  private func appendPeer(_ address: IPAddress, _ text: inout TextBuffer) {
    guard !isNumeric else { return text.append(address) }
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
