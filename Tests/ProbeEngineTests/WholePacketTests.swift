import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

@Suite("Answers as whole packets")
struct WholePacketTests {
  /// A trace with one probe on the way.
  private struct Trial {
    let probe: TraceProbe
    var ledger = TraceLedger()

    init(_ method: TraceMethod, _ family: IPFamily) throws {
      probe = TraceProbe(
        target: try #require(IPAddress(family == .v4 ? "203.0.113.80" : "2001:db8:cb::80")),
        source: try #require(IPAddress(family == .v4 ? "198.18.0.2" : "2001:db8::2")),
        method: method, packetLength: 80, cookies: KeyedCookie(key: 7, 8))
      _ = ledger.add(timeToLive: 9, at: MonotonicInstant(nanoseconds: 1))
    }

    /// A packet of the target's.
    func packet(_ message: [UInt8], timeToLive: UInt8 = 57) throws -> [UInt8] {
      let envelope = IPEnvelope(
        from: probe.target, to: probe.source, carrying: probe.protocolNumber,
        timeToLive: timeToLive)
      return try envelope.packet(message.span)
    }

    /// What the target's TCP says to the probe.
    func refusal() throws -> [UInt8] {
      let sent = try probe.message(of: TraceRequest(number: 0, timeToLive: 9))
      var header = TCPHeader(from: 80, to: 61_001, flags: [.rst, .ack])
      header.acknowledgmentNumber = sent.span.u32(at: 4) &+ 1
      return [UInt8](capacity: header.length) { header.write(to: &$0) }
    }

    func decode(_ packet: [UInt8]) -> TraceArrival? {
      probe.decode(packet: packet.span, ledger: ledger)
    }
  }

  @Test(
    "what comes says what it says to who has sockets",
    arguments: IPFamily.allCases,
    [
      TraceMethod.udp(sourcePort: 40_001, destinationPort: 33_434), .icmp(identifier: 0x77aa),
      .tcp(sourcePort: 61_001, destinationPort: 80),
    ])
  func sockets(family: IPFamily, method: TraceMethod) throws {
    let path = SimulatedTopology(seed: 5)
    let probe = TraceProbe(
      target: try #require(path.topology.site.addresses[family]),
      source: try #require(path.topology.client.addresses[family]), method: method,
      packetLength: 80, cookies: KeyedCookie(key: 7, 8))
    var ledger = TraceLedger()
    var network = VirtualNetwork(topology: path.topology)
    var answered: Set<Int> = []
    network.run { event, now in
      switch event {
      case .start:
        return (1...path.hopCount).compactMap { timeToLive in
          let request = ledger.add(timeToLive: UInt8(timeToLive), at: now)
          return (try? probe.packet(of: request)).map { .send($0) }
        }
      case .received(let packet):
        let arrival = probe.decode(packet: packet.span, ledger: ledger)
        #expect(arrival == probe.socketArrival(packet, ledger))
        // What a short frame is filled up with is no part of the packet.
        let padded = packet + [1, 2, 3, 4]
        let same = probe.decode(packet: padded.span, ledger: ledger)
        #expect(same == arrival)
        if let arrival { answered.insert(arrival.number) }
      case .timer: break
      }
      return []
    }
    #expect(path.hopCount > 3 && answered == Set(0..<path.hopCount))
  }

  @Test("a ping makes of packets what it makes of what sockets say", arguments: IPFamily.allCases)
  func echoes(family: IPFamily) throws {
    let path = SimulatedTopology(seed: 5)
    let target = try #require(path.topology.site.addresses[family])
    let source = try #require(path.topology.client.addresses[family])
    let request = EchoRequest(
      family: family, identifier: 0x1dea, payloadLength: 56, cookies: KeyedCookie(key: 5, 6))
    var network = VirtualNetwork(topology: path.topology)
    var (replies, errors) = (0, 0)
    network.run { event, _ in
      switch event {
      case .start:
        return (1...path.hopCount).compactMap { timeToLive in
          let header = ProbePacket(
            from: source, to: target, carrying: family == .v4 ? .icmp : .icmpv6,
            timeToLive: UInt8(timeToLive))
          let message = request.message(serial: UInt64(timeToLive), pseudoHeader: (source, target))
          return (try? header.octets(payload: message.span)).map { .send($0) }
        }
      case .received(let packet):
        let arrival = request.decode(packet: packet.span)
        #expect(arrival == request.socketArrival(packet))
        let padded = packet + [1, 2, 3, 4]
        let same = request.decode(packet: padded.span)
        #expect(same == arrival)
        var other = packet
        other[family == .v4 ? 9 : 6] = 253
        let nothing = request.decode(packet: other.span)
        #expect(nothing == nil, "another protocol's")
        if case .reply? = arrival { replies += 1 }
        if case .error? = arrival { errors += 1 }
      case .timer: break
      }
      return []
    }
    #expect(replies == 1 && errors == path.hopCount - 1 && errors > 3)
  }

  @Test("the target's TCP segment", arguments: IPFamily.allCases)
  func segment(family: IPFamily) throws {
    let trial = try Trial(.tcp(sourcePort: 61_001, destinationPort: 80), family)
    let packet = try trial.packet(try trial.refusal())
    let arrival = try #require(trial.decode(packet))
    #expect(arrival.number == 0 && arrival.answer.timeToLive == 57)
    #expect(arrival.answer.source == trial.probe.target)
  }

  @Test("a datagram that begins as the probe did", arguments: IPFamily.allCases)
  func datagram(family: IPFamily) throws {
    let trial = try Trial(.udp(sourcePort: 40_001, destinationPort: 33_434), family)
    let message = try trial.probe.message(of: TraceRequest(number: 0, timeToLive: 9))
    let reply = TraceReply(from: trial.probe.target, timeToLive: 57, .datagram(message.count - 8))
    let packet = try trial.packet(message)
    #expect(trial.decode(packet) == TraceArrival(number: 0, answer: .reply(reply)))
    // A datagram cannot answer a segment, whatever is in it.
    let other = try Trial(.tcp(sourcePort: 61_001, destinationPort: 80), family)
    #expect(other.decode(packet) == nil)
  }

  @Test("nothing, of what is cut, of another family, or of no transport", arguments: [true, false])
  func nothing(isV4: Bool) throws {
    let method = TraceMethod.tcp(sourcePort: 61_001, destinationPort: 80)
    let trial = try Trial(method, isV4 ? .v4 : .v6)
    let packet = try trial.packet(try trial.refusal())
    for length in packet.indices { #expect(trial.decode(Array(packet.prefix(length))) == nil) }
    #expect(try Trial(method, isV4 ? .v6 : .v4).decode(packet) == nil)
  }
}

extension TraceProbe {
  /// What the raw sockets of a trace make of a packet: the one for ICMP, and the one for the probes' own
  /// protocol.
  fileprivate func socketArrival(_ packet: [UInt8], _ ledger: TraceLedger) -> TraceArrival? {
    guard let received = SocketPacket(packet) else { return nil }
    let fields = ArrivalFields(source: received.source, timeToLive: received.timeToLive)
    return arrival(packet, ledger)
      ?? decode(
        answer: received.octets.span, framing: received.framing, fields: fields, ledger: ledger)
  }
}

extension EchoRequest {
  /// What the raw socket of a ping makes of a packet.
  fileprivate func socketArrival(_ packet: [UInt8]) -> EchoArrival? {
    guard let received = SocketPacket(packet) else { return nil }
    let fields = ArrivalFields(
      source: received.source, timeToLive: received.timeToLive, typeOfService: 0)
    return decode(received.octets.span, framing: received.framing, fields: fields)
  }
}
