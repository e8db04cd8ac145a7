import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// The socket of one family: what is to be sent is queued and goes out together, and what came is read
/// together.
///
/// A class, since there are one or two of them and each holds its buffers for the whole run.
final class EchoChannel {
  /// How many probes or answers one call of the kernel moves at the most.
  static let batchSize = PingSession.burst

  /// Builds the probes, and reads what comes.
  let request: EchoRequest
  /// What is asked instead.
  let question: QuestionProbe?

  let socket: MessageSocket
  private let stampsPackets: Bool
  let header: ProbeHeader?
  /// What the kernel was asked to put into the IP header of probes.
  var asked: AskedFields
  /// Every packet that comes is handed out, and not only errors.
  let keepsPackets: Bool
  var ledger = TransmitLedger()
  private var queued: [(probe: PingProbe, length: Int)] = []
  private var message: [UInt8] = []
  private var outgoing: SendBatch
  private var incoming: ReceiveBatch
  /// The payload of the answer that came last is kept if it was damaged.
  var keepsDamaged = false
  private(set) var damaged: [UInt8]?

  /// Takes over a socket that is set up.
  ///
  /// - Parameters:
  ///   - socket: of the request's family.
  ///   - request: builds the probes.
  ///   - stampsPackets: the kernel is to say when it sent and received each packet, which costs as much
  ///     again as the packet.
  ///   - splitsDelays: it is to say when each left the queue, too.
  ///   - header: what the IP header is to say that goes before each probe, if it is ours to build.
  ///   - flowLabel: of IPv6 probes, which the socket has taken; 0 for none.
  ///   - options: what else is to be known.
  ///   - isBusy: many packets are to be expected at once.
  ///   - question: what is asked instead of an echo.
  /// - Throws: why the kernel cannot stamp packets.
  init(
    _ socket: consuming MessageSocket, _ request: EchoRequest, stampsPackets: Bool,
    splitsDelays: Bool, header: ProbeHeader?, flowLabel: UInt32, options: PingOptions,
    isBusy: Bool, question: QuestionProbe? = nil
  ) throws(SystemError) {
    if stampsPackets { try socket.enableTimestamps(includingDevice: splitsDelays) }
    (asked, keepsPackets) = (AskedFields(options), options.keepsPackets)
    let longest = request.payloadLength + ICMPv4Header.length + IPv4Header.maximumLength
    let slot = max(longest, Self.shortestSlot)
    let count = isBusy ? max(4, min(Self.batchSize, Self.memory / slot)) : 4
    outgoing = SendBatch(capacity: count, slotSize: slot)
    outgoing.flowLabel = flowLabel
    incoming = ReceiveBatch(capacity: count, slotSize: slot)
    (self.request, self.header, self.stampsPackets) = (request, header, stampsPackets)
    self.question = question
    self.socket = socket
  }

  /// What an ICMP error may quote of a probe, in octets (RFC 4443 §2.4 (c) and Ethernet's MTU).
  private static let shortestSlot = 1536
  /// Of each of the two batches, in octets.
  private static let memory = 1 << 20

  /// How many packets one call can move.
  var capacity: Int { incoming.capacity }

  /// Poll this for reading.
  var descriptorNumber: CInt { socket.descriptorNumber }
}

// MARK: - Sending

extension EchoChannel {
  /// What became of a probe.
  enum Sent {
    case sent(PingProbe, ClockSample)
    case failed(PingProbe, errorNumber: Int32)
  }

  /// Queues a probe; `flush` sends it.
  func queue(
    _ probe: PingProbe, to target: PingTarget, at endpoint: Endpoint, length: Int,
    _ body: (Sent) -> Void
  ) {
    if outgoing.isFull { flush(body) }
    write(probe, to: target, length: length)
    guard let header else {
      outgoing.append(message.span, to: endpoint)
      return queued.append((probe, message.count))
    }
    guard let packet = header.packet(to: target.address, carrying: message.span) else {
      let error = SystemError.messageTooLong(sendingTo: endpoint)
      return body(.failed(probe, errorNumber: error.errorNumber))
    }
    outgoing.append(packet.span, to: endpoint)
    queued.append((probe, packet.count))
  }

  private func write(_ probe: PingProbe, to target: PingTarget, length: Int) {
    if let question {
      message = question.message(number: probe.serial, to: target.address)
      return
    }
    // What was edited is no template for the next one.
    if asked.edits != nil { message.removeAll(keepingCapacity: true) }
    request.write(
      serial: probe.serial, flow: target.flow, length: length,
      pseudoHeader: header.map { ($0.source, target.address) }, into: &message)
    asked.edits?.apply(to: &message)
  }

  /// A probe's ICMP message, as it was sent.
  func message(of probe: PingProbe, to target: PingTarget, length: Int) -> [UInt8] {
    write(probe, to: target, length: length)
    return message
  }

  /// Sends what is queued, in order.
  func flush(_ body: (Sent) -> Void) {
    var first = 0
    var patience = Self.patience
    while first < queued.count {
      let before = clock()
      let outcome = outgoing.flush(on: socket, from: first)
      tell(first..<outcome.sent, sentSince: before, body)
      first = outcome.sent
      guard let failure = outcome.failure else { break }
      if patience > 0, isPassing(failure) {
        patience -= 1
        continue
      }
      ledger.failed()
      body(.failed(queued[first].probe, errorNumber: failure.errorNumber))
      first += 1
    }
    queued.removeAll(keepingCapacity: true)
    outgoing.removeAll()
  }

  /// How often a send is tried again that failed for a reason that passes.
  private static let patience = 20

  /// Whether the same send may succeed now: there was no room, for which this waits 10 ms; or the kernel
  /// has handed out what the network had reported about an earlier probe.
  private func isPassing(_ failure: SystemError) -> Bool {
    if failure.wouldWait || failure.isOutOfBuffers {
      var poller = Poller()
      if failure.wouldWait { _ = poller.add(socket.descriptorNumber, interest: .write) }
      _ = try? poller.wait(until: MonotonicClock.now() + .milliseconds(10))
      return true
    }
    return !socket.isRaw && failure.isNetworkReport && !failure.isMessageTooLong
  }

  /// The kernel takes messages one after the other: the probes of a batch are given even parts of the
  /// time that it took them.
  private func tell(
    _ sent: Range<Int>, sentSince before: ClockSample, _ body: (Sent) -> Void
  ) {
    guard sent.count > 1 else {
      for index in sent { tell(index, before, body) }
      return
    }
    let duration = (MonotonicClock.now() - before.monotonic).count
    for (place, index) in sent.enumerated() {
      let part = Nanoseconds(duration * Int64(place) / Int64(sent.count))
      tell(
        index, ClockSample(monotonic: before.monotonic + part, wall: before.wall + part), body)
    }
  }

  private func tell(_ index: Int, _ clock: ClockSample, _ body: (Sent) -> Void) {
    ledger.sent(queued[index].probe.serial)
    body(.sent(queued[index].probe, clock))
  }

  /// The wall clock counts only beside stamps of the kernel's, and of other hosts.
  private func clock() -> ClockSample {
    stampsPackets || keepsPackets || question != nil
      ? .now()
      : ClockSample(monotonic: MonotonicClock.now(), wall: WallInstant(nanoseconds: 0))
  }
}

// MARK: - Receiving

extension EchoChannel {
  /// What came.
  enum Received {
    case transmitted(serial: UInt64, WallInstant)
    case handedOver(serial: UInt64, WallInstant)
    /// With the packet, if it is an error or if all are kept.
    case arrived(EchoArrival, Arrival, EvidencePacket?)
  }

  /// Reads what came from the network, `limit` packets at the most, and says how many there were.
  func receive(
    limit: Int, _ body: (Received) -> Void
  ) throws(SystemError) -> Int {
    let count = try incoming.receive(from: socket, limit: limit)
    guard count > 0 else { return 0 }
    let clock = clock()
    let framing = socket.isRaw && socket.family == .v4 ? ArrivalFraming.packet : .message
    for index in 0..<count {
      var fields = ArrivalFields(source: .v4(.any))
      var stamp: WallInstant?
      var destination: IPAddress?
      if stampsPackets || framing == .message {
        let received = incoming.description(of: index)
        (stamp, destination) = (received.kernelReceiveTime, received.destination)
        fields = ArrivalFields(
          source: received.source?.address ?? fields.source, timeToLive: received.timeToLive,
          typeOfService: received.typeOfService)
      }
      let arrival = decode(
        incoming.octets.span.extracting(incoming.range(of: index)), framing, fields)
      guard let arrival else { continue }
      if keepsDamaged {
        keep(
          incoming.octets.span.extracting(incoming.range(of: index)), framing, arrival)
      }
      var packet: EvidencePacket?
      if keepsPackets || arrival.isError {
        packet = EvidencePacket(
          Array(incoming.octets[incoming.range(of: index)]), framing, fields, to: destination,
          request.family)
      }
      body(.arrived(arrival, Arrival(clock: clock, kernelStamp: stamp), packet))
    }
    return count
  }

  private func keep(_ packet: Span<UInt8>, _ framing: ArrivalFraming, _ arrival: EchoArrival) {
    guard case .reply(let reply) = arrival, reply.damage != nil else { return damaged = nil }
    // The message is the packet's end, which may be followed by nothing.
    let length = reply.length - ICMPv4Header.length
    damaged = [UInt8](capacity: max(0, length)) { out in
      out.append(copying: packet.extracting(last: max(0, min(length, packet.count))))
    }
  }

  private func decode(
    _ octets: Span<UInt8>, _ framing: ArrivalFraming, _ fields: ArrivalFields
  ) -> EchoArrival? {
    guard let question else {
      return request.decode(octets, framing: framing, fields: fields)
    }
    return question.decode(octets, framing: framing, fields: fields)
  }

  /// Reads what the kernel says about sent probes, when polling has said that it has something to say.
  func receiveErrors(_ body: (Received) -> Void) throws(SystemError) {
    var buffer = [UInt8](repeating: 0, count: Self.shortestSlot)
    for _ in 0..<Self.batchSize {
      guard let entry = try socket.receiveError(into: &buffer) else { return }
      switch entry {
      case .transmitted(let counter, let stamp):
        if let serial = ledger.number(for: counter) {
          body(.transmitted(serial: serial, stamp))
        }
      case .handedOver(let counter, let stamp):
        if let serial = ledger.number(for: counter) {
          body(.handedOver(serial: serial, stamp))
        }
      case .icmp(let report):
        let octets = buffer.span.extracting(first: report.quotedCount)
        guard let destination = report.destination,
          let arrival = request.decode(
            queued: octets, target: destination.address, error: ICMPErrorReport(report))
        else { continue }
        body(.arrived(arrival, Arrival(clock: clock(), kernelStamp: report.receivedAt), nil))
      case .local: break  // the failed send has said so already
      }
    }
  }
}

/// What the IP header of a probe says, where it is ours to build.
struct ProbeHeader {
  var source: IPAddress
  var timeToLive: UInt8
  var typeOfService: UInt8 = 0
  /// What else was asked for.
  var fields = HeaderOptions()

  /// Header and message; `nil` when the whole is longer than IP can say.
  func packet(to target: IPAddress, carrying message: Span<UInt8>) -> [UInt8]? {
    var packet = ProbePacket(
      from: source, to: target, carrying: target.family == .v4 ? .icmp : .icmpv6,
      timeToLive: timeToLive, identification: fields.identification ?? 0)
    packet.typeOfService = typeOfService
    packet.flagsAndOffset = fields.flags
    if let options = OptionOctets(padding: fields.octets) { packet.options = options }
    return try? packet.octets(payload: message)
  }
}
