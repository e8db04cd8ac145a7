import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeShell

/// What a channel sends, batch by batch, in memory that is reused.
///
/// A value of its own in a channel, which is a class: a batch is one access to it, and not some for each
/// probe, each of which would be checked as the program runs.
struct EchoOutbox: ~Copyable {
  /// Which probe the kernel's stamps are about.
  var ledger = TransmitLedger()

  private var queued: [PingProbe] = []
  private var message: [UInt8] = []
  private var batch: SendBatch
  /// Of IPv6 probes.
  let flowLabels: FlowLabels
  private let keepsLedger: Bool
  private let readsWallClock: Bool

  /// - Parameters:
  ///   - batch: with room for as many probes as are to go out together.
  ///   - flowLabels: of IPv6 probes.
  ///   - keepsLedger: there will be stamps.
  ///   - readsWallClock: it counts only beside stamps of the kernel's, and of other hosts.
  init(
    _ batch: consuming SendBatch, _ flowLabels: FlowLabels, keepsLedger: Bool, readsWallClock: Bool
  ) {
    self.batch = batch
    self.flowLabels = flowLabels
    (self.keepsLedger, self.readsWallClock) = (keepsLedger, readsWallClock)
  }

  /// Sends those of the probes that go to the writer's family, in order.
  mutating func send(
    _ probes: [PingProbe], to targets: PingTargets, sizes: PingSession.PayloadSweep?,
    _ writer: ProbeWriter, on socket: borrowing MessageSocket, _ body: (EchoChannel.Sent) -> Void
  ) {
    for probe in probes {
      let target = targets.targets[probe.target]
      guard target.address.family == writer.request.family else { continue }
      if batch.isFull { flush(on: socket, body) }
      let endpoint = targets.endpoints[probe.target]
      let length = sizes?.length(of: probe.number) ?? writer.request.payloadLength
      writer.write(probe, to: target, length: length, into: &message)
      if !append(to: target, at: endpoint, writer.header) {
        flush(on: socket, body)
        let error = SystemError.messageTooLong(sendingTo: endpoint)
        body(.failed(probe, errorNumber: error.errorNumber))
        continue
      }
      queued.append(probe)
    }
    flush(on: socket, body)
  }

  /// Adds the message, for which there has to be room; false when it is too long.
  private mutating func append(
    to target: PingTarget, at endpoint: Endpoint, _ header: ProbeHeader?
  ) -> Bool {
    let octets = message
    guard let header else {
      batch.append(octets.span, to: endpoint, flowLabel: flowLabels.label(of: target))
      return true
    }
    guard let packet = header.packet(to: target.address, carrying: octets.span) else {
      return false
    }
    batch.append(packet.span, to: endpoint)
    return true
  }

  /// Sends what is queued, in order.
  private mutating func flush(
    on socket: borrowing MessageSocket, _ body: (EchoChannel.Sent) -> Void
  ) {
    var first = 0
    var patience = Self.patience
    var failures = 0
    while first < queued.count {
      let before = clock()
      let outcome = batch.flush(on: socket, from: first)
      tell(first..<outcome.sent, sentSince: before, body)
      first = outcome.sent
      guard let failure = outcome.failure else { break }
      if patience > 0, Self.waitForRoom(failure, on: socket) {
        patience -= 1
        continue
      }
      failures += 1
      // The kernel may have handed out what the network had reported about an earlier probe.
      if !socket.isRaw, failures <= failure.mostReports { continue }
      ledger.failed()
      body(.failed(queued[first], errorNumber: failure.errorNumber))
      first += 1
      failures = 0
    }
    queued.removeAll(keepingCapacity: true)
    batch.removeAll()
  }

  /// How often room is waited for.
  private static let patience = 20

  /// Waits 10 ms if there was no room for a message; false if it failed for another reason.
  private static func waitForRoom(
    _ failure: SystemError, on socket: borrowing MessageSocket
  ) -> Bool {
    guard failure.wouldWait || failure.isOutOfBuffers else { return false }
    var poller = Poller()
    if failure.wouldWait { _ = poller.add(socket.descriptorNumber, interest: .write) }
    _ = try? poller.wait(until: MonotonicClock.now() + .milliseconds(10))
    return true
  }

  /// The kernel takes messages one after the other: the probes of a batch are given even parts of the
  /// time that it took them.
  private mutating func tell(
    _ sent: Range<Int>, sentSince before: ClockSample, _ body: (EchoChannel.Sent) -> Void
  ) {
    if keepsLedger { for index in sent { ledger.sent(queued[index].serial) } }
    guard sent.count > 1 else {
      for index in sent { body(.sent(queued[index], before)) }
      return
    }
    let duration = (MonotonicClock.now() - before.monotonic).count
    for (place, index) in sent.enumerated() {
      let part = Nanoseconds(duration * Int64(place) / Int64(sent.count))
      let clock = ClockSample(monotonic: before.monotonic + part, wall: before.wall + part)
      body(.sent(queued[index], clock))
    }
  }

  /// The clocks that are needed, as they stand now.
  func clock() -> ClockSample {
    readsWallClock
      ? .now()
      : ClockSample(monotonic: MonotonicClock.now(), wall: WallInstant(nanoseconds: 0))
  }
}
