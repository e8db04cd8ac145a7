import LinuxNet
import LinuxSystem
import PacketWire
import SimulatedInternet

/// Keeps a lab up: tells others about it, lets them in, and ends when it is asked to.
final class LabKeeper: LabTask {
  /// More connections than this are closed at once.
  private static let maximumVisitors = 256

  private let signals: SignalSource
  private let listener: LocalListener
  private let doors: LabDoors
  private let processes: ProcessNamespace
  private let topologyName: String
  private let since = WallClock.now()
  private var visitors: [Visitor] = []
  private var slots: (signals: Poller.Slot, listener: Poller.Slot, processes: Poller.Slot)?
  private(set) var exitCode: CInt?

  init(
    _ plan: LabPlan, listener: consuming LocalListener, doors: consuming LabDoors,
    processes: consuming ProcessNamespace, signals: consuming SignalSource
  ) {
    topologyName = plan.topologyName
    self.listener = listener
    self.doors = doors
    self.processes = processes
    self.signals = signals
  }

  func watch(with poller: inout Poller) {
    slots = (
      poller.add(signals.descriptorNumber, interest: .read),
      poller.add(listener.descriptorNumber, interest: .read),
      poller.add(processes.endDescriptorNumber, interest: .read)
    )
  }

  func attend(
    _ poller: inout Poller, packets: () -> SimulatedInternet.Counters
  ) throws(SystemError) {
    guard let slots else { return }
    for visitor in visitors where !poller.readiness(of: visitor.slot).isEmpty {
      // Somebody who has gone, or does not take what he asked for, is not to end the lab.
      do throws(SystemError) { try answer(visitor, packets) } catch { visitor.hasLeft = true }
    }
    visitors.removeAll { visitor in
      // Those whose commands run in here learn that the lab ends before the commands do.
      guard visitor.hasLeft || exitCode != nil else { return false }
      poller.remove(visitor.slot)
      return true
    }
    if !poller.readiness(of: slots.listener).isEmpty { try letIn(&poller) }
    if !poller.readiness(of: slots.signals).isEmpty, try signals.next() != nil { exitCode = 0 }
    // Nothing can be started in the lab any more.
    if !poller.readiness(of: slots.processes).isEmpty { exitCode = LabCommand.failureExitCode }
  }

  private func letIn(_ poller: inout Poller) throws(SystemError) {
    guard let socket = try? listener.accept() else { return }
    // Root of the outside is nobody in a user namespace, and has other ways.
    guard visitors.count < Self.maximumVisitors,
      try socket.peer().user == Privileges.userNumber
    else { return }
    let slot = poller.add(socket.descriptorNumber, interest: .read)
    visitors.append(Visitor(socket, slot))
  }

  private func answer(
    _ visitor: Visitor, _ packets: () -> SimulatedInternet.Counters
  ) throws(SystemError) {
    guard let message = try visitor.socket.receive() else { return }
    for number in message.descriptors { _ = Descriptor(owning: number) }
    switch LabMessage.Request(message.octets) {
    case .status:
      let status = LabStatus(
        topology: topologyName, since: since, processes: processes.processCount(),
        packets: .init(packets()))
      try visitor.socket.send(status.octets)
    case .join(let end): try doors.open(to: visitor.socket, at: end)
    case .down: exitCode = 0
    // Nothing more to say, or nothing that is understood.
    case nil: visitor.hasLeft = true
    }
  }
}

/// One connection to a lab.
private final class Visitor {
  let socket: LocalSocket
  let slot: Poller.Slot
  var hasLeft = false

  init(_ socket: consuming LocalSocket, _ slot: Poller.Slot) {
    self.socket = socket
    self.slot = slot
  }
}
