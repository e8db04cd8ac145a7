import PacketWire

extension ICMPErrorDetail {
  /// What a report says: nothing of what was quoted, and no extensions.
  public init(_ report: ICMPErrorReport) {
    (family, type, code) = (report.family, report.type, report.code)
    switch family {
    case .v4:
      let kind = ICMPv4Header.MessageType(rawValue: type)
      if kind == .destinationUnreachable, code == 4 { nextHopMTU = report.detail & 0xffff }
      if kind == .parameterProblem { pointer = report.detail >> 24 }
      if kind == .redirect { gateway = IPv4Address(bits: report.detail) }
    case .v6:
      let kind = ICMPv6Header.MessageType(rawValue: type)
      if kind == .packetTooBig { nextHopMTU = report.detail }
      if kind == .parameterProblem { pointer = report.detail }
    }
  }
}
