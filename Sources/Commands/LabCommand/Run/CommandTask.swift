import LinuxSystem
import SimulatedInternet

/// A command that is run in a lab with our own standard streams, and gets our signals.
final class CommandTask<Process: StartedCommand & ~Copyable>: LabTask {
  private let signals: SignalSource
  private var process: Process
  private let home: TerminalHome
  private var slots: (signals: Poller.Slot, process: Poller.Slot)?
  private(set) var exitCode: CInt?

  /// Takes over a command that waits until it is released.
  init(_ process: consuming Process, signals: consuming SignalSource) {
    self.process = process
    home = TerminalHome()
    self.signals = signals
  }

  /// Lets the command run. One that cannot be says so here, and gives the code that a shell would:
  /// 127 if there is no such command, otherwise 126.
  func release() {
    do throws(SystemError) {
      try process.release()
    } catch {
      exitCode = LabCommand.fail("\(error)", code: error.isNotFound ? 127 : 126)
    }
  }

  func watch(with poller: inout Poller) {
    slots = (
      poller.add(signals.descriptorNumber, interest: .read),
      poller.add(process.descriptorNumber, interest: .read)
    )
  }

  func attend(
    _ poller: inout Poller, packets _: () -> SimulatedInternet.Counters
  ) throws(SystemError) {
    guard let slots else { return }
    if !poller.readiness(of: slots.signals).isEmpty { try forwardSignals() }
    guard !poller.readiness(of: slots.process).isEmpty, let end = try process.reap() else { return }
    home.takeBack()
    exitCode = end.shellCode
  }

  /// Passes signals on to the command. What was typed at a terminal has come to the command too,
  /// which belongs to the same job.
  private func forwardSignals() throws(SystemError) {
    let hasTerminal = [StandardStream.input, StandardStream.output, StandardStream.error]
      .contains { StandardStream.isTerminal($0) }
    while let signal = try signals.next() {
      if hasTerminal, signal == .interrupt || signal == .quit { continue }
      // The command may have become somebody whom we may not signal.
      try? process.signal(signal)
    }
  }
}

extension SignalSource {
  /// The signals that a lab hands on or ends by. Made before anything else, so that an impatient
  /// Control-C does not end the tool halfway.
  static func forLab() throws(SystemError) -> SignalSource {
    try SignalSource([.interrupt, .terminate, .hangUp, .quit])
  }
}
