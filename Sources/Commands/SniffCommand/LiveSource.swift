import CommandLineKit
import LinuxSystem
import LiveCapture
import PacketWire
import TerminalText

/// Packets from interfaces, until the user, a count, the last file or the end of a command says stop.
struct LiveSource: ~Copyable {
  private let interfaces: [CapturedInterface]
  private let signals: SignalSource
  /// Says whose packets are, where that matters, and has heard of them early.
  private let owners: FlowOwners?
  private let scout: FlowScout?
  private var child: ChildProcess?
  private let count: Int
  private let burst: Int
  /// The kernel's clock is on the packets, and not a card's.
  private let hasHostTime: Bool
  private var taken = 0
  private var merger: PacketMerger?
  private var status: StatusLine
  private let patience: Nanoseconds

  /// How long the last packets of a command's connections are waited for when no more come, and at
  /// most.
  private static let quiet = Nanoseconds.milliseconds(250)
  private static let childPatience = Nanoseconds.seconds(2)
  /// How many packets are taken before the other descriptors get their turn.
  private static let burst = 4_096
  /// The same where a scout waits to hear of sockets.
  private static let burstBesideScout = 64

  init(
    _ interfaces: [CapturedInterface], signals: consuming SignalSource,
    child: consuming ChildProcess?, scout: FlowScout?, _ options: SniffOptions
  ) {
    (self.scout, owners) = (scout, scout?.owners)
    burst = scout == nil ? Self.burst : Self.burstBesideScout
    self.interfaces = interfaces
    self.signals = signals
    self.child = child
    count = options.lastNumber ?? .max
    hasHostTime = options.capture.timestampTypeName == nil
    status = StatusLine(options)
    guard interfaces.count > 1 else {
      (merger, patience) = (nil, .zero)
      return
    }
    merger = PacketMerger(interfaces: interfaces.count)
    // The kernel hands a block of packets over when it is full or its time is out; a packet on its
    // own is there at once.
    let isImmediate = interfaces.allSatisfy { $0.capture.settings.isImmediate }
    patience = .milliseconds(isImmediate ? 5 : 200)
  }

  /// What was counted until now.
  var counts: CaptureCounts { CaptureCounts(interfaces, captured: taken) }

  /// Captures into `sink`. Returns how the command ended, if there was one.
  mutating func run(into sink: inout PacketSink) throws -> ProcessExit? {
    var poller = Poller()
    for interface in interfaces + (scout?.interfaces ?? []) {
      _ = poller.add(interface.capture.descriptorNumber, interest: .read)
    }
    _ = poller.add(signals.descriptorNumber, interest: .read)
    var childSlot: Poller.Slot?
    if let number = child?.descriptorNumber { childSlot = poller.add(number, interest: .read) }
    owners?.start = hasHostTime && child != nil ? WallClock.now() : nil
    try child?.release()
    var ended: ProcessExit?
    var stopAt: MonotonicInstant?
    var giveUpAt: MonotonicInstant?
    while taken < count, sink.goesOn() {
      try poller.wait(until: wakeTime(stopAt, sink.end))
      try scout?.look(atMost: Self.burst)
      let found = try drain(into: &sink)
      sink.updateNames()
      if found == 0 { sink.idle() }
      if try hearSignals() { break }
      let now = MonotonicClock.now()
      if status.isDue(at: now) { status.show(counts, at: now) }
      if let end = sink.end, end.nanoseconds <= WallClock.now().nanoseconds { sink.endIfOver() }
      if ended == nil, let exit = try child?.reap() {
        (ended, giveUpAt) = (exit, now + Self.childPatience)
        if let childSlot { poller.remove(childSlot) }
        stopAt = now + Self.quiet
      } else if let giveUpAt, found > 0 {
        stopAt = min(now + Self.quiet, giveUpAt)
      }
      if let stopAt, stopAt <= now { break }
    }
    release(into: &sink, before: nil)
    status.finish()
    if ended == nil { ended = try endChild() }
    return ended
  }

  /// The first of all that is to be done at a time.
  private func wakeTime(_ stopAt: MonotonicInstant?, _ end: WallInstant?) -> MonotonicInstant? {
    var times = [stopAt, status.due].compactMap { $0 }
    let now = MonotonicClock.now()
    let wallNow = WallClock.now().nanoseconds
    if let end { times.append(now + Nanoseconds(max(0, end.nanoseconds &- wallNow))) }
    if let oldest = merger?.oldest {
      let left = oldest.nanoseconds &+ patience.count &- wallNow
      times.append(now + Nanoseconds(min(max(0, left), patience.count)))
    }
    return times.min()
  }

  /// Answers signals; true if one of them means the end.
  private func hearSignals() throws(SystemError) -> Bool {
    while let signal = try signals.next() {
      guard signal == .user1 else { return true }
      counts.reportShortly()
    }
    return false
  }

  private mutating func drain(into sink: inout PacketSink) throws -> Int {
    guard merger == nil else { return try drainAll(into: &sink) }
    guard let interface = interfaces.first else { return 0 }
    let linkType = interface.linkType
    var number = taken
    let found = try interface.capture.dispatch(atMost: min(burst, count - taken)) {
      header, octets in
      let verdict = owners?.judge(octets, linkType: linkType, header)
      if verdict?.isWanted == false { return }
      number += 1
      let packet = SniffedPacket(
        number: number, time: header.time, linkType: linkType,
        originalLength: header.originalLength, process: verdict?.process)
      sink.keep(packet, octets)
      sink.take(packet, octets)
    }
    taken = number
    return found
  }

  /// Takes what all interfaces have, and hands on what no other packet can be before.
  private mutating func drainAll(into sink: inout PacketSink) throws -> Int {
    let horizon = WallInstant(nanoseconds: WallClock.now().nanoseconds &- patience.count)
    guard var waiting = merger.take() else { return 0 }
    var found = 0
    defer { merger = waiting }
    for (index, interface) in interfaces.enumerated() {
      found += try interface.capture.dispatch(atMost: burst) { header, octets in
        let verdict = owners?.judge(octets, linkType: interface.linkType, header)
        if verdict?.isWanted == false { return }
        waiting.add(
          PacketMerger.Waiting(
            interface: index, time: header.time, originalLength: header.originalLength,
            octets: [UInt8](capacity: octets.count) { $0.append(copying: octets) },
            process: verdict?.process))
      }
    }
    hand(&waiting, to: &sink, before: horizon)
    return found
  }

  private mutating func release(into sink: inout PacketSink, before horizon: WallInstant?) {
    guard var waiting = merger.take() else { return }
    hand(&waiting, to: &sink, before: horizon)
    merger = waiting
  }

  private mutating func hand(
    _ waiting: inout PacketMerger, to sink: inout PacketSink, before horizon: WallInstant?
  ) {
    while taken < count, sink.goesOn(), let next = waiting.next(before: horizon) {
      taken += 1
      let packet = SniffedPacket(
        number: taken, time: next.time, linkType: interfaces[next.interface].linkType,
        originalLength: next.originalLength, interface: next.interface, process: next.process)
      sink.keep(packet, next.octets.span)
      sink.take(packet, next.octets.span)
    }
  }

  /// The user stopped the capture, or enough packets have come, while the command still runs: it is
  /// told to end, as it would be told on a terminal.
  private mutating func endChild() throws(SystemError) -> ProcessExit? {
    guard child != nil else { return nil }
    try child?.signal(.interrupt)
    return try child?.waitForExit(until: MonotonicClock.now() + Self.childPatience)
  }
}
