import CommandLineKit
import HostNaming
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell
import TerminalText

/// Goes through the file of a session, and reports on it as on one that is going on.
struct PingReplay: ~Copyable {
  private let replayed: ReplayedSession
  private let options: PingOptions
  private var session: PingSession
  private var printer: PingPrinter
  private var witness: PingWitness
  private let memory: SentMemory
  private var effects = PingSession.Effects()
  private var counts: [UInt64]
  private var newestSerial: UInt64 = 0
  private var hasBegun = false
  private var lastTimer = MonotonicInstant(nanoseconds: 0)

  /// What has written files that it can read.
  static let readable = "ping-swift --record or tcpdump -w"

  /// Replays a file.
  ///
  /// - Returns: what the session ended with; 2 when not all of the file could be read.
  static func run(
    _ path: String, arguments: [String], operands: [String]
  ) throws -> CInt {
    guard operands.isEmpty else {
      throw UsageError("option '--replay': the targets are those of the file; name none")
    }
    try Privileges.keepOnlyTheUsers()
    let replayed = try ReplayedSession(path)
    let options = try replayed.options(arguments)
    if options.evidence.recordPath != nil {
      throw UsageError("options '--record' and '--replay': choose one")
    }
    if options.figures.showsLive {
      throw UsageError("option '--live' shows what goes on, and '--replay' what was: choose one")
    }
    if options.usesHardwareStamps {
      throw UsageError("option '--hardware-stamps': the file has no stamps of a card; leave it out")
    }
    try options.figures.check(options)
    try options.evidence.check(options)
    try options.checkUnanswered()
    var feed = try EvidenceFeed(path)
    var replay = PingReplay(replayed, options)
    while replay.printer.output.isOpen, let event = try feed.next() { replay.take(event) }
    guard replay.hasBegun else {
      throw ReplayFailure(
        readable: PingReplay.readable, path: path,
        reason: "it cannot be read twice: give a file, no pipe")
    }
    let code = replay.finish()
    guard let problem = feed.reader.problem else { return code }
    return Tool.printFailure(
      tool: PingCommand.toolName, "\(path) could not be read to its end: \(problem)")
  }

  private init(_ replayed: ReplayedSession, _ options: PingOptions) {
    (self.replayed, self.options) = (replayed, options)
    let targets = replayed.targets
    var configuration = PingSetup.configuration(options, targets)
    configuration.requests = replayed.requests(options)
    (configuration.isReplayed, configuration.count) = (true, nil)
    if let timeout = replayed.recorded?.timeout { configuration.timeout = timeout }
    session = PingSession(configuration)
    let memory = SentMemory()
    self.memory = memory
    witness = PingWitness(
      options, targets: targets, recorder: nil, memory: { memory.datagrams[$0.serial] })
    printer = PingReplay.printer(replayed, options, configuration)
    counts = [UInt64](repeating: 0, count: targets.count)
  }

  private static func printer(
    _ replayed: ReplayedSession, _ options: PingOptions,
    _ configuration: PingSession.Configuration
  ) -> PingPrinter {
    let targets = replayed.targets
    let first = replayed.firsts[targets.targets[0].address.family] ?? replayed.firsts.values.first
    let length = replayed.payloadLength ?? first?.length ?? 0
    let names = HostNames(isEnabled: !options.isNumeric)
    let source = targets.count == 1 ? replayed.sources.first : nil
    var text = PingText(
      targets: targets, style: PingText.Style(options), payloadLength: length,
      headerLength: IPv4Header.minimumLength + (options.header.optionOctets.count + 3) / 4 * 4,
      firstSequenceNumber: options.header.firstSequenceNumber ?? 1,
      identifier: first?.identifier ?? 0, isBroadcast: options.allowsBroadcast,
      pattern: options.pattern,
      styling: TerminalSettings.current(of: StandardStream.output).style,
      name: { names.name(of: $0) })
    if let source, !options.origins.isEmpty {
      let choices = options.origins.map { ProbeOrigin.Choice($0) }
      let interfaces = choices.compactMap {
        if case .interface(let name) = $0 { name } else { nil }
      }
      text.origin = (source, interfaces.last ?? "")
    }
    return PingPrinter(
      options, text: text,
      events: PingEvents(
        targets: targets, source: source, payloadLength: length, unanswered: options.header.type),
      names: names,
      damage: nil)
  }

  /// Times that can be reckoned with, to the year 2116.
  private static let times: ClosedRange<Int64> = 0...(1 << 62)

  private mutating func take(_ event: EvidenceEvent) {
    guard Self.times.contains(event.clock.monotonic.nanoseconds),
      Self.times.contains(event.clock.wall.nanoseconds)
    else { return }
    printer.clock = event.clock
    if !hasBegun {
      hasBegun = true
      printer.start()
      step(.start, at: event.clock.monotonic)
    }
    passTime(to: event.clock.monotonic)
    switch event.direction {
    case .sent: sent(event)
    case .received: received(event)
    }
    printer.printReady()
    printer.turn(session)
  }

  /// Lets what was to happen before this time happen at its own.
  private mutating func passTime(to now: MonotonicInstant) {
    let then = printer.clock
    while let wake = session.wakeAt, wake < now, wake > lastTimer {
      lastTimer = wake
      printer.clock = then?.moved(to: wake)
      step(.timer, at: wake)
    }
    printer.clock = then
  }

  // MARK: Probes

  private mutating func sent(_ event: EvidenceEvent) {
    guard let echo = RecordedEcho(event.packet, options.header.type),
      let first = replayed.firsts[echo.family],
      echo.identifier == first.identifier,
      let target = event.probe?.target ?? replayed.index(of: echo.target),
      counts.indices.contains(target), let serial = serial(of: echo, first)
    else { return }
    newestSerial = serial
    counts[target] += 1
    let isOurs = event.probe != nil
    // Of one target the number is that on the wire, also where the capture began later.
    let number =
      event.probe?.number
      ?? (counts.count == 1 ? UInt64(first.sequenceNumber) &+ serial &- 1 : counts[target])
    let probe = PingProbe(serial: serial, target: target, number: number)
    memory.add(serial, event.datagram)
    session.replay(probe, length: echo.length, countsGaps: isOurs, event.timing, &effects)
    tell(nil, nil)
    printer.sent(1)
    if let shown = witness.sent(probe, at: event.clock) { printer.show(shown) }
  }

  /// Sequence numbers count on and wrap; one that goes back was sent twice, or is another's.
  private func serial(of echo: RecordedEcho, _ first: RecordedEcho) -> UInt64? {
    let start =
      replayed.recorded == nil ? first.sequenceNumber : options.header.firstSequenceNumber ?? 1
    let newest = start &+ UInt16(truncatingIfNeeded: newestSerial &- 1)
    let step = echo.sequenceNumber &- newest
    guard (1...0x7fff).contains(step) else { return nil }
    return newestSerial + UInt64(step)
  }

  // MARK: Answers

  private mutating func received(_ event: EvidenceEvent) {
    guard let reception = event.packet.reception,
      let request = session.configuration.requests[reception.destination.family]
    else { return }
    let isWhole = event.packet.header == .whole && reception.destination.family == .v4
    let fields = ArrivalFields(
      source: reception.source, timeToLive: reception.hopLimit,
      typeOfService: reception.trafficClass)
    let arrival = request.decode(
      isWhole ? event.packet.octets.span : reception.message.span,
      framing: isWhole ? .packet : .message, fields: fields)
    guard let arrival else { return }
    if options.forcesNames {
      printer.names.request(reception.source)
      printer.names.wait(for: reception.source)
    }
    session.step(
      .arrived(arrival, event.arrival), at: event.clock.monotonic, &effects)
    tell(event.packet, event.arrival)
  }

  private mutating func step(_ event: PingSession.Event, at now: MonotonicInstant) {
    session.step(event, at: now, &effects)
    tell(nil, nil)
  }

  private mutating func tell(_ packet: EvidencePacket?, _ arrival: Arrival?) {
    for report in effects.reports {
      printer.take(report, witness.note(report, packet, at: arrival))
    }
    effects.reports.removeAll(keepingCapacity: true)
  }

  // MARK: The end

  private mutating func finish() -> CInt {
    if options.asks {
      // Who has not answered is known when the time for it is up.
      while let wake = session.wakeAt, wake > lastTimer {
        lastTimer = wake
        step(.timer, at: wake)
      }
    }
    step(.interrupted, at: lastTimer)
    if let failure = printer.finish(session) {
      return Tool.printFailure(tool: PingCommand.toolName, "\(failure)")
    }
    return options.exitCode(session, targets: replayed.targets.count)
  }
}

/// The last probes of a replay, as they were sent. A class, since whoever makes something of the
/// packets asks for them.
private final class SentMemory {
  private static let limit = 4_096

  private(set) var datagrams: [UInt64: SentDatagram] = [:]
  private var order: [UInt64] = []
  private var oldest = 0

  func add(_ serial: UInt64, _ datagram: SentDatagram) {
    datagrams[serial] = datagram
    guard order.count >= Self.limit else { return order.append(serial) }
    datagrams[order[oldest]] = nil
    order[oldest] = serial
    oldest = (oldest + 1) % Self.limit
  }
}

extension EvidenceEvent {
  /// The probe, with what a header that was made up does not know.
  fileprivate var datagram: SentDatagram {
    guard packet.header != .whole else {
      // What the kernel filled in is not in the file of a session (raw(7)).
      return SentDatagram(
        octets: packet.octets,
        unknown: probe == nil ? [] : [.init(.identification), .init(.headerChecksum)])
    }
    return SentDatagram(
      octets: packet.octets,
      unknown: [
        .init(.identification), .init(.headerChecksum), .init(.flowLabel), .init(.dontFragment),
      ])
  }
}
