import CommandLineKit
import LinuxSystem
import LiveCapture
import PacketWire
import TerminalText

/// Packets from an interface, until the user, a count or the end of a command says stop.
struct LiveSource: ~Copyable {
  private let capture: LiveCapture
  private let signals: SignalSource
  private var child: ChildProcess?
  private let count: Int
  private var taken = 0

  /// How long the last packets of a command's connections are waited for when no more come, and at
  /// most.
  private static let quiet = Nanoseconds.milliseconds(250)
  private static let patience = Nanoseconds.seconds(2)
  /// How many packets are taken before the other descriptors get their turn.
  private static let burst = 4_096

  init(
    _ capture: consuming LiveCapture, signals: consuming SignalSource,
    child: consuming ChildProcess?, count: Int?
  ) {
    self.capture = capture
    self.signals = signals
    self.child = child
    self.count = count ?? .max
  }

  /// Frames dropped because they were not read in time.
  var statistics: LiveCapture.Statistics? { capture.statistics() }

  /// Captures into `sink`. Returns how the command ended, if there was one.
  mutating func run(into sink: inout PacketSink) throws -> ProcessExit? {
    var poller = Poller()
    _ = poller.add(capture.descriptorNumber, interest: .read)
    _ = poller.add(signals.descriptorNumber, interest: .read)
    var childSlot: Poller.Slot?
    if let number = child?.descriptorNumber { childSlot = poller.add(number, interest: .read) }
    try child?.release()
    var ended: ProcessExit?
    var stopAt: MonotonicInstant?
    var giveUpAt: MonotonicInstant?
    while taken < count, sink.isOpen {
      try poller.wait(until: stopAt)
      let found = try drain(into: &sink)
      sink.updateNames()
      if found == 0 { sink.idle() }
      if try signals.next() != nil { break }
      let now = MonotonicClock.now()
      if ended == nil, let exit = try child?.reap() {
        (ended, giveUpAt) = (exit, now + Self.patience)
        if let childSlot { poller.remove(childSlot) }
        stopAt = now + Self.quiet
      } else if let giveUpAt, found > 0 {
        stopAt = min(now + Self.quiet, giveUpAt)
      }
      if let stopAt, stopAt <= now { break }
    }
    if ended == nil { ended = try endChild() }
    return ended
  }

  private mutating func drain(into sink: inout PacketSink) throws -> Int {
    let linkType = capture.linkType
    var number = taken
    let found = try capture.dispatch(atMost: min(Self.burst, count - taken)) { header, octets in
      number += 1
      let packet = SniffedPacket(
        number: number, time: header.time, linkType: linkType,
        originalLength: header.originalLength)
      sink.keep(packet, octets)
      sink.take(packet, octets)
    }
    taken = number
    return found
  }

  /// The user stopped the capture, or enough packets have come, while the command still runs: it is
  /// told to end, as it would be told on a terminal.
  private mutating func endChild() throws(SystemError) -> ProcessExit? {
    guard child != nil else { return nil }
    try child?.signal(.interrupt)
    return try child?.waitForExit(until: MonotonicClock.now() + Self.patience)
  }
}
