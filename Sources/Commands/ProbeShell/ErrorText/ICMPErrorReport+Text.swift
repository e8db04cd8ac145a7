import PacketWire
public import ProbeEngine

extension ICMPErrorReport {
  /// The error in iputils' words, which scripts look for.
  public var iputilsText: String {
    switch family {
    case .v4: ipv4Text
    case .v6: ipv6Text
    }
  }

  private var ipv4Text: String {
    switch ICMPv4Header.MessageType(rawValue: type) {
    case .destinationUnreachable: unreachableText
    case .sourceQuench: "Source Quench"
    case .redirect: redirectText
    case .timeExceeded:
      switch code {
      case 0: "Time to live exceeded"
      case 1: "Frag reassembly time exceeded"
      default: "Time exceeded, Bad Code: \(code)"
      }
    case .parameterProblem: "Parameter problem: pointer = \(detail >> 24)"
    default: "Bad ICMP type: \(type)"
    }
  }

  private var unreachableText: String {
    switch code {
    case 0: "Destination Net Unreachable"
    case 1: "Destination Host Unreachable"
    case 2: "Destination Protocol Unreachable"
    case 3: "Destination Port Unreachable"
    case 4: "Frag needed and DF set (mtu = \(detail & 0xffff))"
    case 5: "Source Route Failed"
    case 6: "Destination Net Unknown"
    case 7: "Destination Host Unknown"
    case 8: "Source Host Isolated"
    case 9: "Destination Net Prohibited"
    case 10: "Destination Host Prohibited"
    case 11: "Destination Net Unreachable for Type of Service"
    case 12: "Destination Host Unreachable for Type of Service"
    case 13: "Packet filtered"
    case 14: "Precedence Violation"
    case 15: "Precedence Cutoff"
    default: "Dest Unreachable, Bad Code: \(code)"
    }
  }

  private var redirectText: String {
    let what =
      switch code {
      case 0: "Redirect Network"
      case 1: "Redirect Host"
      case 2: "Redirect Type of Service and Network"
      case 3: "Redirect Type of Service and Host"
      default: "Redirect, Bad Code: \(code)"
      }
    return "\(what)(New nexthop: \(IPv4Address(bits: detail)))"
  }

  private var ipv6Text: String {
    switch ICMPv6Header.MessageType(rawValue: type) {
    case .destinationUnreachable:
      switch code {
      case 0: "Destination unreachable: No route"
      case 1: "Destination unreachable: Administratively prohibited"
      case 2: "Destination unreachable: Beyond scope of source address"
      case 3: "Destination unreachable: Address unreachable"
      case 4: "Destination unreachable: Port unreachable"
      default: "Destination unreachable: Unknown code \(code)"
      }
    case .packetTooBig: "Packet too big: mtu=\(detail)"
    case .timeExceeded:
      switch code {
      case 0: "Time exceeded: Hop limit"
      case 1: "Time exceeded: Defragmentation failure"
      default: "Time exceeded: code \(code)"
      }
    case .parameterProblem:
      switch code {
      case 0: "Parameter problem: Wrong header field at \(detail)"
      case 1: "Parameter problem: Unknown header at \(detail)"
      case 2: "Parameter problem: Unknown option at \(detail)"
      default: "Parameter problem: code \(code) at \(detail)"
      }
    default: "unknown icmp type \(type)"
    }
  }
}
