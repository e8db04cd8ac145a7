import PacketText
import PacketWire
import ProbeEngine

/// A search for the path MTU in lines of text.
enum MTUText {
  static func append(_ step: MTUStep, _ text: inout TextBuffer) {
    let digits = String(step.packetLength)
    text.append(repeating: 0x20, count: max(0, 5 - digits.utf8.count))
    text.append(digits)
    switch step.outcome {
    case .passed(let time):
      text.append("  passes, time=")
      PingText.appendTime(time, &text)
      text.append(" ms")
    case .tooBig(let mtu, let router):
      text.append("  is too long")
      guard let router else { return }
      text.append(", says ")
      text.append(router)
      guard mtu > 0 else { return text.append(" (and not what its next link takes)") }
      text.append(": its next link takes ")
      text.append(decimal: mtu)
    case .refused: text.append("  is too long for this host's own link")
    case .silent:
      text.append("  has no answer")
      guard step.tries > 1 else { return }
      text.append(" (")
      text.append(decimal: step.tries)
      text.append(" probes)")
    }
  }

  static func append(_ result: MTUResult, _ family: IPFamily, _ text: inout TextBuffer) {
    guard let passing = result.passing else {
      text.append(
        result.failing == nil
          ? "ended before an answer came" : "no answer, however short the packet")
      return appendProbes(result, &text)
    }
    text.append(result.isExact ? "path MTU " : "path MTU at least ")
    text.append(decimal: passing)
    text.append(" (")
    text.append(decimal: passing - MTUSearch.headerLength(family))
    text.append(" octets of payload)")
    if let failing = result.failing {
      text.append(result.isExact ? ": " : ", less than ")
      text.append(decimal: failing)
      if !result.isExact { text.append(": not searched to the end") }
    }
    if result.isExact {
      switch result.limit {
      case .router: text.append(" is too long, and a router says so")
      case .ownLink: text.append(" is too long for this host's own link")
      case .blackHole: text.append(" vanishes and no router says so: a black hole")
      case .some(.none), nil: text.append(": nothing longer was tried")
      }
    }
    appendProbes(result, &text)
    for router in result.misleading {
      text.append("\n")
      text.append(router)
      text.append(" named less than passes")
    }
  }

  private static func appendProbes(_ result: MTUResult, _ text: inout TextBuffer) {
    text.append("; ")
    text.append(decimal: result.probes)
    text.append(result.probes == 1 ? " probe" : " probes")
  }
}
