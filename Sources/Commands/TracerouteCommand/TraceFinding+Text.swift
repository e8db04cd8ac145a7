import PacketText
import PacketWire
import ProbeEngine
import ProbeShell

extension TextBuffer {
  /// Appends a finding as a sentence that says what it means for who reads it.
  mutating func append(_ finding: TraceFinding) {
    switch finding {
    case .silentHops(let hops):
      append(hops: hops)
      append(hops.count == 1 ? " forwards and keeps silent" : " forward and keep silent")
      append(": those behind answer, so nothing is wrong there.")
    case .silence(let hop):
      append("From hop ")
      append(decimal: hop)
      append(
        " on nobody answers: a firewall drops the probes or the answers, or the way ends here.")
      append(" Other probes may pass: -I, -T -p 443.")
    case .limitedHop(let hop, let answered, let count):
      append(hop: hop)
      append("answered ")
      append(decimal: answered)
      append(" of ")
      append(decimal: count)
      append(" probes, while all were answered behind it: it limits its errors and loses nothing.")
    case .refusal(let hop, let report): append(refusal: report, at: hop)
    case .loop(let address, let hops):
      append("A loop: ")
      append(address)
      append(" stands at the hops ")
      append(hops.map { String($0) }.joined(separator: ", "))
      append("; packets go in circles there until their hops are used up.")
    case .forwardedUsedUp(let hop, let address):
      append(hop: hop)
      append("forwards packets whose hops are used up, so that ")
      append(address)
      append(" is seen twice.")
    case .otherAddress(let address):
      append("The target answered from another of its addresses, ")
      append(address)
      append(".")
    case .severalAddresses(let hop, let addresses): append(addresses, at: hop)
    case .wrongChecksum(let hop, let source):
      append(from: source, at: hop)
      append("has a wrong ICMP checksum; other tools would not have seen it.")
    case .brokenExtensions(let hop, let source):
      append(from: source, at: hop)
      append("has extensions that are wrong or cannot be read (RFC 4884).")
    case .hopsLeft(let hop, let count):
      append(hop: hop)
      append("quotes a probe with ")
      append(decimal: count)
      append(
        " hops left: some are hidden before it, in a tunnel or behind labels, or it counts otherwise."
      )
    }
  }

  private mutating func append(hop: Int) {
    append("Hop ")
    append(decimal: hop)
    append(" ")
  }

  private mutating func append(hops: ClosedRange<Int>) {
    append(hops.count == 1 ? "Hop " : "Hops ")
    append(decimal: hops.lowerBound)
    guard hops.count > 1 else { return }
    append(hops.count == 2 ? " and " : " to ")
    append(decimal: hops.upperBound)
  }

  private mutating func append(from source: IPAddress?, at hop: Int) {
    append("The answer ")
    if let source {
      append("of ")
      append(source)
      append(" ")
    }
    append("at hop ")
    append(decimal: hop)
    append(" ")
  }

  private mutating func append(refusal report: ICMPErrorReport, at hop: Int) {
    if let source = report.source { append(source) } else { append("This host") }
    append(" at hop ")
    append(decimal: hop)
    append(" refuses: ")
    append(report.iputilsText)
    append(".")
  }

  private mutating func append(_ addresses: [IPAddress], at hop: Int) {
    append(decimal: addresses.count)
    append(" routers answer at hop ")
    append(decimal: hop)
    append(
      " although all probes are of one flow: the way changed meanwhile, or packets are spread one by one."
    )
    append(" --mda tells.")
  }
}
