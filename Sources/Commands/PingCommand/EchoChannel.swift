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
  private let framing: ArrivalFraming
  let header: ProbeHeader?
  private let writer: ProbeWriter
  /// What the kernel was asked to put into the IP header of probes.
  let asked: AskedFields
  /// Every packet that comes is handed out, and not only errors.
  let keepsPackets: Bool
  /// What sends; it is not to be asked while it tells what was sent.
  var outbox: EchoOutbox
  private var incoming: ReceiveBatch
  /// The payload of the answer that came last is kept if it was damaged.
  var keepsDamaged = false
  private(set) var damaged: [UInt8]?
  /// The network card tells when it sent and received.
  private let usesCard: Bool

  /// Takes over a socket that is set up.
  ///
  /// - Parameters:
  ///   - socket: of the request's family.
  ///   - request: builds the probes.
  ///   - stampsPackets: the kernel is to say when it sent and received each packet, which costs as much
  ///     again as the packet.
  ///   - splitsDelays: it is to say when each left the queue, too.
  ///   - header: what the IP header is to say that goes before each probe, if it is ours to build.
  ///   - flowLabels: of IPv6 probes, which the socket lets through.
  ///   - options: what else is to be known.
  ///   - isBusy: many packets are to be expected at once.
  ///   - question: what is asked instead of an echo.
  /// - Throws: why the kernel cannot stamp packets.
  init(
    _ socket: consuming MessageSocket, _ request: EchoRequest, stampsPackets: Bool,
    splitsDelays: Bool, header: ProbeHeader?, flowLabels: FlowLabels, options: PingOptions,
    isBusy: Bool, question: QuestionProbe? = nil
  ) throws(SystemError) {
    usesCard = stampsPackets && options.usesHardwareStamps
    if stampsPackets {
      try socket.enableTimestamps(includingDevice: splitsDelays, includingCard: usesCard)
    }
    (asked, keepsPackets) = (AskedFields(options), options.keepsPackets)
    let longest = request.payloadLength + ICMPv4Header.length + IPv4Header.maximumLength
    let slot = max(longest, Self.shortestSlot)
    let count = isBusy ? max(4, min(Self.batchSize, Self.memory / slot)) : 4
    outbox = EchoOutbox(
      SendBatch(capacity: count, slotSize: slot), flowLabels, keepsLedger: stampsPackets,
      readsWallClock: stampsPackets || keepsPackets || question != nil)
    writer = ProbeWriter(
      request: request, question: question, header: header, edits: asked.edits)
    incoming = ReceiveBatch(capacity: count, slotSize: slot)
    // A raw IPv4 socket hands out the IP header, and there is nothing else to know without stamps.
    let showsHeader = socket.isRaw && socket.family == .v4
    incoming.isDescribed = stampsPackets || !showsHeader
    (self.request, self.header) = (request, header)
    framing = showsHeader ? .packet : .message
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

  /// Sends those of the probes that go to this family, in order.
  func send(
    _ probes: [PingProbe], to targets: PingTargets, sizes: PingSession.PayloadSweep?,
    _ body: (Sent) -> Void
  ) {
    outbox.send(probes, to: targets, sizes: sizes, writer, on: socket, body)
  }

  /// A probe's ICMP message, as it was sent.
  func message(of probe: PingProbe, to target: PingTarget, length: Int) -> [UInt8] {
    var message: [UInt8] = []
    writer.write(probe, to: target, length: length, into: &message)
    return message
  }
}

// MARK: - Receiving

extension EchoChannel {
  /// What came.
  enum Received {
    case transmitted(serial: UInt64, WallInstant)
    case handedOver(serial: UInt64, WallInstant)
    case leftCard(serial: UInt64, CardInstant)
    /// One of many.
    case reply(EchoReply, Arrival)
    /// With the packet, if it is an error or if all are kept.
    case arrived(EchoArrival, Arrival, EvidencePacket?)
  }

  /// Reads what came from the network, `limit` packets at the most, and says how many there were.
  ///
  /// `gathersReplies`: those of which nothing is to be kept are told as `.reply`.
  func receive(
    limit: Int, gathersReplies: Bool = false, _ body: (Received) -> Void
  ) throws(SystemError) -> Int {
    let count = try incoming.receive(from: socket, limit: limit)
    guard count > 0 else { return 0 }
    let clock = outbox.clock()
    // A card tells of a probe some time after it has sent it, and an answer may be as fast.
    if usesCard { try receiveErrors(body) }
    let framing = framing
    let isPlain = gathersReplies && question == nil && !keepsPackets && !keepsDamaged
    for index in 0..<count {
      var fields = ArrivalFields(source: .v4(.any))
      var time = Arrival(clock: clock)
      var destination: IPAddress?
      if incoming.isDescribed {
        let received = incoming.description(of: index)
        (time.kernelStamp, time.cardStamp) = (received.kernelReceiveTime, received.cardReceiveTime)
        destination = received.destination
        fields = ArrivalFields(
          source: received.source?.address ?? fields.source, timeToLive: received.timeToLive,
          typeOfService: received.typeOfService)
      }
      if isPlain,
        let reply = request.reply(
          in: incoming.octets.span.extracting(incoming.range(of: index)), framing: framing,
          fields: fields)
      {
        body(.reply(reply, time))
        continue
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
      body(.arrived(arrival, time, packet))
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
        if let serial = outbox.ledger.number(for: counter) {
          body(.transmitted(serial: serial, stamp))
        }
      case .handedOver(let counter, let stamp):
        if let serial = outbox.ledger.number(for: counter) {
          body(.handedOver(serial: serial, stamp))
        }
      case .leftCard(let counter, let stamp):
        if let serial = outbox.ledger.number(for: counter) {
          body(.leftCard(serial: serial, stamp))
        }
      case .icmp(let report):
        let octets = buffer.span.extracting(first: report.quotedCount)
        guard let destination = report.destination,
          let arrival = request.decode(
            queued: octets, target: destination.address, error: ICMPErrorReport(report))
        else { continue }
        body(.arrived(arrival, Arrival(clock: outbox.clock(), kernelStamp: report.receivedAt), nil))
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
