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

  init(_ internet: SimulatedInternet, servers: [any Server]) {
    (self.internet, self.servers) = (internet, servers)
  }

  /// Runs until the child has ended; gives the code that a shell would give for that.
  mutating func run(
    child: inout ChildProcess, client: borrowing TunDevice, server: borrowing TunDevice,
    signals: borrowing SignalSource
  ) throws(SystemError) -> CInt {
    let signalSlot = poller.add(signals.descriptorNumber, interest: .read)
    let childSlot = poller.add(child.descriptorNumber, interest: .read)
    let clientSlot = poller.add(client.descriptorNumber, interest: .read)
    let serverSlot = poller.add(server.descriptorNumber, interest: .read)
    let servers = try ServerGroup(servers, watchedBy: &poller)
    while true {
      try poller.wait(until: earlier(internetWake, servers.wakeAt))
      // Delivery first: it is what has an instant to keep.
      if let due = internetWake, due <= MonotonicClock.now() { step(.timer, client, server) }
      if !poller.readiness(of: clientSlot).isEmpty { try takeIn(.client, client, server) }
      if !poller.readiness(of: serverSlot).isEmpty { try takeIn(.server, client, server) }
      try servers.serve(poller, at: MonotonicClock.now())
      if !poller.readiness(of: signalSlot).isEmpty { try forward(signals, to: child) }
      if !poller.readiness(of: childSlot).isEmpty, let end = try child.reap() {
        return end.shellCode
      }
    }
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

  /// Passes a signal on to the command. What was typed at a terminal has come to the command too,
  /// which belongs to the same job.
  private func forward(
    _ signals: borrowing SignalSource, to child: borrowing ChildProcess
  ) throws(SystemError) {
    let hasTerminal = [StandardStream.input, StandardStream.output, StandardStream.error]
      .contains { StandardStream.isTerminal($0) }
    while let signal = try signals.next() {
      if hasTerminal, signal == .interrupt || signal == .quit { continue }
      // The command may have become somebody whom we may not signal.
      try? child.signal(signal)
    }
  }
}

private func earlier(_ first: MonotonicInstant?, _ second: MonotonicInstant?) -> MonotonicInstant? {
  guard let first, let second else { return first ?? second }
  return min(first, second)
}
