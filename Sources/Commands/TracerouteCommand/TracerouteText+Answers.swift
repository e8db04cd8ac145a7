import PacketText
import PacketWire
import ProbeEngine

extension TraceAnswer {
  /// How many hops the answer came, if it began with the next of the numbers that hosts begin with: 64, 128
  /// or 255, as traceroute guesses it.
  var hopsBack: Int? {
    guard let timeToLive, timeToLive > 0 else { return nil }
    let start = [64, 128, 255].first { $0 >= Int(timeToLive) } ?? 255
    return start - Int(timeToLive) + 1
  }

  /// Flags and options of a TCP segment in the words of traceroute: `syn,ack,mss=1460,sack,timestamps`; nil
  /// for any other answer.
  var segmentWords: String? {
    guard case .reply(let reply) = self, case .segment(let header) = reply.kind else { return nil }
    var words = KindWords.flagNames.filter { header.flags.contains($0.1) }.map(\.0)
    try? header.forEachOption { option in
      switch option {
      case .maximumSegmentSize(let size): words.append("mss=\(size)")
      case .windowScale(let shift): words.append("window_scaling=\(shift)")
      case .sackPermitted: words.append("sack")
      case .timestamps: words.append("timestamps")
      case .other(let kind, _): words.append("option=\(kind)")
      case .sack, .endOfList, .noOperation: break
      }
    }
    return words.joined(separator: ",")
  }
}

extension TraceOutcome {
  /// What an error told in extensions (RFC 4884).
  var extensions: ICMPErrorDetail.Extensions? {
    if case .error(let error) = answer { error.detail?.extensions } else { nil }
  }
}

extension TextBuffer {
  /// Appends what a router told of itself: ` <MPLS:L=16001,E=0,S=1,T=1>` as traceroute -e, and interfaces
  /// with what is known of them, ` <incoming:eth0,198.18.4.1,mtu=1500>`.
  mutating func append(_ extensions: ICMPErrorDetail.Extensions) {
    if extensions.isChecksumRight == false { append(" <wrong checksum>") }
    for (index, label) in extensions.labels.enumerated() {
      append(index == 0 ? " <MPLS:L=" : "/L=")
      append(decimal: label.label)
      append(",E=")
      append(decimal: label.trafficClass)
      append(",S=")
      append(decimal: label.isBottomOfStack ? 1 : 0)
      append(",T=")
      append(decimal: label.timeToLive)
    }
    if !extensions.labels.isEmpty { append(">") }
    for interface in extensions.interfaces { append(interface) }
    if extensions.otherCount > 0 {
      append(" <other objects: ")
      append(decimal: extensions.otherCount)
      append(">")
    }
    if extensions.problem != nil { append(" <unreadable>") }
  }

  private mutating func append(_ interface: ICMPErrorDetail.Interface) {
    let information = interface.information
    switch information.role {
    case .incoming: append(" <incoming:")
    case .sublink: append(" <sublink:")
    case .outgoing: append(" <outgoing:")
    case .nextHop: append(" <nexthop:")
    }
    var separator = ""
    if let name = interface.name {
      append(untrusted: name.span, atMost: 64)
      separator = ","
    }
    if let index = information.index {
      append(separator)
      append("index=")
      append(decimal: index)
      separator = ","
    }
    if let address = information.address {
      append(separator)
      append(address)
      separator = ","
    }
    if let mtu = information.mtu {
      append(separator)
      append("mtu=")
      append(decimal: mtu)
    }
    append(">")
  }
}
