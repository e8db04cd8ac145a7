import LinuxNet
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// What a channel tells an engine, with the packet that says it.
struct ChannelEvent {
  var event: TraceEvent
  /// Nil where nobody wants it, and for what only the kernel's error queue tells.
  var packet: EvidencePacket?

  init(_ event: TraceEvent) { self.event = event }

  init(_ arrival: TraceArrival, _ time: Arrival, _ packet: EvidencePacket?) {
    event = .arrived(arrival, time)
    self.packet = packet
  }
}

extension TraceChannel {
  /// A probe as it left this host, in as many packets as it took, as far as this program knows.
  func datagrams(of request: TraceRequest) -> [SentDatagram] {
    guard keepsPackets, let packets = try? probe.packets(of: request) else { return [] }
    return packets.map { octets in
      // The kernel writes the IP header where it is not ours to write.
      SentDatagram(
        octets: octets,
        unknown: isRaw ? [] : [.init(.identification), .init(.headerChecksum), .init(.flowLabel)])
    }
  }

  /// What was read, if it is to be kept.
  func packet(_ received: Received, carrying protocolNumber: IPProtocol? = nil) -> EvidencePacket? {
    guard keepsPackets else { return nil }
    return EvidencePacket(
      read(received), rawFraming, fields(received), to: probe.source, probe.target.family,
      carrying: protocolNumber)
  }

  /// The same of a UDP socket, which keeps the UDP header to itself.
  func datagram(_ received: Received) -> EvidencePacket? {
    guard keepsPackets, let source = received.source,
      let ports = probe.method.ports(of: TraceRequest(number: 0, timeToLive: 1))
    else { return nil }
    let payload = read(received)
    var header = UDPHeader(from: source.port, to: ports.source)
    guard
      (try? header.fill(payload: payload.span, from: source.address, to: probe.source)) != nil
    else { return nil }
    let octets = [UInt8](capacity: UDPHeader.length + payload.count) { out in
      header.write(to: &out)
      out.append(copying: payload.span)
    }
    return EvidencePacket(
      octets, .message, fields(received), to: probe.source, probe.target.family, carrying: .udp)
  }
}
