import PacketWire

extension TraceProbe {
  /// Reads an IP packet that came to the host that traces, whatever it carries: for who has whole
  /// packets, from a TUN device, a capture or a simulation. What sockets hand out, the other functions
  /// read.
  ///
  /// - Parameters:
  ///   - packet: from the IP header on.
  ///   - ledger: the probes that were sent.
  /// - Returns: what it means; nil when it is none of this trace's business.
  public func decode(packet: Span<UInt8>, ledger: TraceLedger) -> TraceArrival? {
    let frame = Frame(decoding: packet, linkType: .raw)
    guard let view = SocketView(frame, of: target.family) else { return nil }
    let octets = packet.extracting(view.range)
    if frame.isICMP {
      return decode(octets, framing: view.framing, fields: view.fields, ledger: ledger)
    }
    if case .udp = frame.transport, protocolNumber == .udp {
      let payload = packet.extracting(frame.payload)
      return decode(datagram: payload, fields: view.fields, ledger: ledger)
    }
    return decode(answer: octets, framing: view.framing, fields: view.fields, ledger: ledger)
  }
}
