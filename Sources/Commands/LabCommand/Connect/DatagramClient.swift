import CommandLineKit
import LinuxNet
import LinuxSystem
import PacketText
import PacketWire
import ServiceEngine

/// Datagrams to a server: the lines of standard input, or numbered ones that it is to acknowledge.
struct DatagramClient: ~Copyable {
  private let socket: MessageSocket
  private let server: Endpoint
  private let options: ConnectUDPOptions
  private let signals: SignalSource
  private var poller: Poller
  private let socketSlot: Poller.Slot
  private let signalSlot: Poller.Slot
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  private var output = PeerOutput()
  private var tally = DatagramTally()
  private var refusedCount = 0
  private var isInterrupted = false

  init(
    to server: Endpoint, _ options: ConnectUDPOptions, signals: consuming SignalSource
  ) throws(SystemError) {
    let socket = try MessageSocket(.datagram(.udp), family: server.address.family)
    // Answers of others are not for us, and a refusal is told (udp(7)).
    try socket.connect(to: server)
    var poller = Poller()
    socketSlot = poller.add(socket.descriptorNumber, interest: .read)
    signalSlot = poller.add(signals.descriptorNumber, interest: .read)
    (self.server, self.options) = (server, options)
    self.socket = socket
    self.signals = signals
    self.poller = poller
  }

  /// Sends so many numbered datagrams at equal intervals, and tells which were acknowledged. Gives
  /// the exit code.
  mutating func sendNumbered(_ count: Int) throws(SystemError) -> CInt {
    var sendAt = MonotonicClock.now()
    while tally.sentCount < count, !isInterrupted, output.isOpen {
      let now = MonotonicClock.now()
      if now >= sendAt {
        send(tally.next(length: options.length, at: now))
        sendAt = sendAt + options.interval
      }
      try wait(until: sendAt)
    }
    try awaitAnswers(ofAll: true)
    printReport()
    return tally.acknowledgedCount > 0 ? 0 : 1
  }

  /// Sends each line of standard input as a datagram, and prints what comes. Gives the exit code.
  mutating func sendLines() throws(SystemError) -> CInt {
    let input = try Descriptor.duplicate(of: StandardStream.input)
    let inputSlot = poller.add(input.rawValue, interest: .read)
    var lines = LineSplitter()
    var hasEnded = false
    while !hasEnded, !isInterrupted, output.isOpen {
      try wait(until: nil)
      guard !poller.readiness(of: inputSlot).isEmpty else { continue }
      guard let count = try input.read(into: &buffer) else { continue }
      hasEnded = count == 0
      for line in lines.add(buffer[..<count], isEnd: hasEnded) { send(line) }
    }
    poller.remove(inputSlot)
    try awaitAnswers(ofAll: false)
    return refusedCount > 0 ? 1 : 0
  }

  /// Waits for what may still come; no longer, where all that were sent are to be acknowledged, than
  /// until they are.
  private mutating func awaitAnswers(ofAll isComplete: Bool) throws(SystemError) {
    let end = MonotonicClock.now() + options.patience
    while !isInterrupted, output.isOpen, MonotonicClock.now() < end {
      if isComplete, tally.missingCount == 0 { return }
      try wait(until: end)
    }
  }

  private mutating func send(_ datagram: [UInt8]) {
    do throws(SystemError) {
      try socket.send(datagram.span)
    } catch {
      report(error)
    }
  }

  /// Sleeps until something comes or the time has; takes in what has come.
  private mutating func wait(until instant: MonotonicInstant?) throws(SystemError) {
    try poller.wait(until: instant)
    if !poller.readiness(of: signalSlot).isEmpty, try signals.next() != nil {
      isInterrupted = true
    }
    if !poller.readiness(of: socketSlot).isEmpty { receive() }
  }

  private mutating func receive() {
    do throws(SystemError) {
      while let received = try socket.receive(into: &buffer) {
        take(buffer[..<received.count], at: MonotonicClock.now())
      }
    } catch {
      report(error)
    }
  }

  private mutating func take(_ datagram: ArraySlice<UInt8>, at now: MonotonicInstant) {
    guard options.count != nil, let arrival = tally.receive(datagram, at: now) else {
      return output.printLine(datagram)
    }
    var notes = arrival.isOvertaken ? ", overtaken" : ""
    if arrival.isRepeated { notes = ", not for the first time" }
    output.note("#\(arrival.number): acknowledged after \(text(arrival.roundTrip)) ms\(notes)")
  }

  /// An ICMP error that has come for an earlier datagram shows at the next call (RFC 1122 §4.1.3.3).
  private mutating func report(_ error: SystemError) {
    refusedCount += 1
    if refusedCount == 1 {
      Tool.printDiagnostic("\(server): \(SystemError.message(for: error.errorNumber))")
    }
  }

  private mutating func printReport() {
    let lost = tally.missingCount
    output.note(
      "\(counted(tally.sentCount, "datagram")) sent to \(server), "
        + "\(tally.acknowledgedCount) acknowledged, \(lost) lost, "
        + "\(tally.overtakenCount) overtaken, \(tally.repeatedCount) acknowledged again")
    guard let shortest = tally.shortest, let mean = tally.mean, let longest = tally.longest else {
      return
    }
    output.note("round trips: \(text(shortest)) to \(text(longest)) ms, mean \(text(mean)) ms")
  }

  private func text(_ time: Nanoseconds) -> String {
    var buffer = TextBuffer(capacity: 0)
    buffer.append(time, in: .milliseconds, decimals: 3)
    return buffer.string
  }
}

/// Puts pieces of a text together to lines. A line that is longer than a datagram can be is cut.
struct LineSplitter {
  /// What IPv4 and UDP leave of 65 535 octets (RFC 791 §3.1, RFC 768).
  private static let longest = 65_507

  private var rest: [UInt8] = []

  /// The lines that are whole now, without their line feeds; the last one, too, at the end.
  mutating func add(_ octets: ArraySlice<UInt8>, isEnd: Bool) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for octet in octets {
      if octet == 0x0a {
        lines.append(rest)
        rest = []
      } else {
        rest.append(octet)
      }
      if rest.count == Self.longest {
        lines.append(rest)
        rest = []
      }
    }
    if isEnd, !rest.isEmpty {
      lines.append(rest)
      rest = []
    }
    return lines
  }
}
