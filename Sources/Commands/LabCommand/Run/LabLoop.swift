import LinuxNet
import LinuxSystem
import PacketWire
import ServerShell
import SimulatedInternet

/// The one loop of a lab: it waits, delivers what is due, takes in what was sent, and lets the
/// servers work.
struct LabLoop: ~Copyable {
  /// So many packets are read from an interface before others get their turn.
  private static let turn = 64

  private var internet: SimulatedInternet
  private let servers: [any Server]
  private var poller = Poller()
  private var packet = [UInt8](repeating: 0, count: 65_536)
  private var internetWake: MonotonicInstant?
  private var margin = WakeMargin()

  init(_ internet: SimulatedInternet, servers: [any Server]) {
    (self.internet, self.servers) = (internet, servers)
  }

  /// Runs until the task is done; gives its exit code.
  mutating func run(
    _ task: any LabTask, client: borrowing TunDevice, server: borrowing TunDevice
  ) throws(SystemError) -> CInt {
    task.watch(with: &poller)
    let clientSlot = poller.add(client.descriptorNumber, interest: .read)
    let serverSlot = poller.add(server.descriptorNumber, interest: .read)
    let servers = try ServerGroup(servers, watchedBy: &poller)
    while true {
      if let code = task.exitCode { return code }
      try wait(orUntil: servers.wakeAt)
      // Delivery first: it is what has an instant to keep.
      if let due = internetWake, due <= MonotonicClock.now() {
        margin.noteSuccess()
        step(.timer, client, server)
      }
      if !poller.readiness(of: clientSlot).isEmpty { try takeIn(.client, client, server) }
      if !poller.readiness(of: serverSlot).isEmpty { try takeIn(.server, client, server) }
      try servers.serve(poller, at: MonotonicClock.now())
      try task.attend(&poller) { internet.counters }
    }
  }

  /// Waits until something happens, until almost the instant of the next delivery, or until `deadline`.
  /// In the margin before a delivery it only looks, so that the delivery is in time.
  private mutating func wait(orUntil deadline: MonotonicInstant?) throws(SystemError) {
    let wake = internetWake.map { $0 + (.zero - margin.value) }
    let end = earlier(wake, deadline)
    let start = MonotonicClock.now()
    let ready = try poller.wait(until: end)
    if ready == 0, let end, end > start { margin.noteLateness(MonotonicClock.now() - end) }
  }

  /// Hands the packets that a side has sent to the internet.
  private mutating func takeIn(
    _ side: AttachmentPoint, _ client: borrowing TunDevice, _ server: borrowing TunDevice
  ) throws(SystemError) {
    for _ in 0..<Self.turn {
      let count = try side == .client ? client.read(into: &packet) : server.read(into: &packet)
      guard let count else { return }
      step(.packet(Array(packet[..<count]), from: side), client, server)
    }
  }

  private mutating func step(
    _ event: SimulatedInternet.Event, _ client: borrowing TunDevice,
    _ server: borrowing TunDevice
  ) {
    internetWake = nil
    for effect in internet.step(event, at: MonotonicClock.now()) {
      switch effect {
      case .wake(let instant): internetWake = instant
      case .deliver(let octets, let side, _):
        // A packet that the kernel does not take is lost, as on any full link.
        if side == .client {
          try? client.write(octets.span)
        } else {
          try? server.write(octets.span)
        }
      }
    }
  }
}

private func earlier(_ first: MonotonicInstant?, _ second: MonotonicInstant?) -> MonotonicInstant? {
  guard let first, let second else { return first ?? second }
  return min(first, second)
}
