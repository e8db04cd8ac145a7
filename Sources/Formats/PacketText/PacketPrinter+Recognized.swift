import PacketWire

// tcpdump goes by ports, and so does a line without `-v`. With it, content on other ports is told too,
// and protocols that tcpdump has no lines for.
extension PacketPrinter {
  /// Appends what a TCP segment holds whose ports are none of tcpdump's; nothing unless verbose.
  mutating func appendRecognized(
    _ header: TCPHeader, _ payload: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    guard options.isVerbose else { return }
    let ports = (header.sourcePort, header.destinationPort)
    let text: TextProtocol
    switch ApplicationProtocol.recognize(.tcp, ports: ports, payload: payload) {
    case .tls?: return appendTLS(payload, into: &out)
    case .ssh?: return appendSSH(payload, into: &out)
    case .multicastDNS?:
      out.append(octet: 0x20)
      return appendDNSOverTCP(payload, length: length, into: &out)
    case .http?: text = .http
    case .smtp?: text = .smtp
    case .pop3?: text = .pop3
    case .imap?: text = .imap
    default: return
    }
    out.append(": ")
    append(text, payload, length: length, into: &out)
  }

  /// Appends what a UDP datagram carries whose ports are none of tcpdump's; false, and nothing, when
  /// its content does not tell or the line is not verbose.
  mutating func appendRecognized(
    _ body: Span<UInt8>, length: Int, _ source: UInt16, _ destination: UInt16,
    into out: inout TextBuffer
  ) -> Bool {
    guard options.isVerbose else { return false }
    switch ApplicationProtocol.recognize(.udp, ports: (source, destination), payload: body) {
    case .dns?, .linkLocalMulticastDNS?:
      appendDNS(body, length: length, isMulticast: false, into: &out)
    case .dhcpv4?: appendDHCPv4(body, length: length, into: &out)
    case .quic?: appendQUIC(body, into: &out)
    default: return false
    }
    return true
  }
}
