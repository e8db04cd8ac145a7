import FlowAnalysis
import PacketWire

extension FieldWalk {
  /// Names what a UDP datagram carries that has no layer.
  mutating func nameDatagram(_ octets: Span<UInt8>, _ transport: Transport) {
    let start = transport.start &+ UDPHeader.length
    guard start <= transport.end else { return }
    let length = Int(octets.u16(at: transport.start &+ 4))
    let end = max(start, min(transport.end, transport.start &+ length))
    guard start < end else { return }
    let ports = (octets.u16(at: transport.start), octets.u16(at: transport.start &+ 2))
    if ports.0 == VXLANHeader.port || ports.1 == VXLANHeader.port { return names.add("vxlan") }
    if ports.0 == GeneveHeader.port || ports.1 == GeneveHeader.port { return names.add("geneve") }
    let seen = ApplicationProtocol.recognize(
      .udp, ports: ports, payload: octets.extracting(start..<end))
    names.add(seen?.keyword ?? ProtocolNames.data)
  }

  /// Names the data of a segment that have no layer.
  mutating func nameSegment(
    _ octets: Span<UInt8>, _ layer: FieldLayer, _ transport: Transport
  ) {
    guard layer.place(0, TCPHeader.minimumLength) != nil, let place = layer.history
    else { return }
    let start = layer.start &+ Int(octets[layer.start &+ 12] >> 4) &* 4
    guard start < transport.end, !segments[place].analysis.isRefused else { return }
    // What is a part of a message is told with its end.
    guard readers.application(of: segments[place].analysis) == .undecided else { return }
    let ports = (octets.u16(at: layer.start), octets.u16(at: layer.start &+ 2))
    let seen = ApplicationProtocol.recognize(
      .tcp, ports: ports, payload: octets.extracting(start..<transport.end))
    let stream = segments[place].analysis.stream
    if let seen { streamNames.set(seen, for: stream) }
    names.add((seen ?? streamNames[stream])?.keyword ?? ProtocolNames.data)
  }

  /// Names what an echo brings back. Its types are `request` and `reply`.
  mutating func nameEcho(
    _ octets: Span<UInt8>, _ transport: Transport, _ request: UInt8, _ reply: UInt8
  ) {
    guard transport.end &- transport.start > 8 else { return }
    let type = octets[transport.start]
    if type == request || type == reply { names.add(ProtocolNames.data) }
  }

  /// Names options of TCP that tshark takes for a protocol.
  mutating func nameOptions(_ octets: Span<UInt8>, _ layer: FieldLayer) {
    guard layer.place(0, TCPHeader.minimumLength) != nil else { return }
    var reader = PacketReader(octets.extracting(layer.start..<layer.end))
    guard let header = try? TCPHeader(parsing: &reader) else { return }
    var isMultipath = false
    // Those before a broken one count.
    try? header.forEachOption { option in
      if case .other(MultipathOption.kind, _) = option { isMultipath = true }
    }
    if isMultipath { names.add("mptcp") }
  }
}
