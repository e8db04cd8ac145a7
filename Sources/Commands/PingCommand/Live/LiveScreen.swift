import CommandLineKit
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// The live view on a terminal: it is drawn anew when something has happened, at most ten times a
/// second, and listens to keys.
///
/// A class, since the loop and the printer both have to do with it.
final class LiveScreen {
  /// Signals that the terminal has to be made good for, beside a new size of the window.
  static let signals: [Signal] = [
    .interrupt, .quit, .terminate, .hangUp, .windowChange, .terminalStop,
  ]

  private var table: LiveTable
  private var targets: [LiveTarget]
  private var pacer = RedrawPacer()
  private let startedAt = MonotonicClock.now()
  private var keys: KeyInput?
  private var slot: Poller.Slot?
  private var isOnScreen = false
  /// All figures are to be forgotten with the next picture.
  private var wantsReset = false

  /// A view of these targets.
  init(_ targets: PingTargets) {
    let settings = TerminalSettings.current(of: StandardStream.output)
    self.targets = targets.targets.map { _ in LiveTarget() }
    table = LiveTable(
      names: (0..<targets.count).map { SafeText.escaped(targets.label(of: $0)) },
      columns: settings.columns, rows: 24, isASCII: !TerminalSettings.showsUnicode,
      style: settings.style)
    measure()
  }

  private func measure() {
    table.columns = Terminal.columns(of: StandardStream.output) ?? table.columns
    table.rows = Terminal.rows(of: StandardStream.output) ?? table.rows
  }

  /// When it has to be drawn anew.
  var wakeAt: MonotonicInstant? { pacer.dueAt }

  /// Takes over the terminal, and listens to keys if standard input is one.
  func begin(_ poller: inout Poller, _ output: inout LineOutput) throws(SystemError) {
    if StandardStream.isTerminal(StandardStream.input) {
      keys = try KeyInput(from: StandardStream.input)
      slot = poller.add(StandardStream.input, interest: .read)
    }
    show(&output)
  }

  /// Gives the terminal back.
  func end(_ output: inout LineOutput) {
    hide(&output)
    keys = nil
  }

  private func show(_ output: inout LineOutput) {
    FullScreen.enter(&output.text)
    isOnScreen = true
    measure()
    pacer = RedrawPacer()
  }

  private func hide(_ output: inout LineOutput) {
    guard isOnScreen else { return }
    FullScreen.leave(&output.text)
    output.flush()
    isOnScreen = false
  }

  /// Takes in what happened.
  func take(_ report: PingReport) {
    targets[report.target].take(report)
    if !table.isHeld { pacer.change() }
  }

  /// Draws what is due.
  func turn(_ session: borrowing PingSession, _ text: inout TextBuffer) {
    let now = MonotonicClock.now()
    guard isOnScreen, pacer.isDue(at: now) else { return }
    for index in targets.indices {
      let sent = session.summary(of: index).transmitted
      if wantsReset { targets[index].reset(sent: sent) }
      targets[index].reach(sent)
    }
    wantsReset = false
    FullScreen.draw(table.lines(targets, running: now - startedAt), &text)
    pacer.drawn(at: now)
  }
}

// MARK: - Keys and signals

extension LiveScreen {
  /// Does what the keys say that were pressed; false if that is to end.
  func takeKeys(_ poller: inout Poller) -> Bool {
    guard let slot, !poller.readiness(of: slot).isEmpty else { return true }
    let octets = (try? keys?.read()) ?? []
    if octets.isEmpty {
      // Nobody is there any more to press one.
      poller.remove(slot)
      self.slot = nil
    }
    for octet in octets where !take(key: octet) { return false }
    return true
  }

  private func take(key: UInt8) -> Bool {
    pacer.change()
    let closesHelp = table.showsHelp
    table.showsHelp = false
    switch key {
    case UInt8(ascii: "q"): return false
    case UInt8(ascii: "p"): table.isHeld.toggle()
    case UInt8(ascii: "r"): wantsReset = true
    case UInt8(ascii: "s"):
      let orders = LiveTable.Order.allCases
      let place = orders.firstIndex(of: table.order) ?? 0
      table.order = orders[(place + 1) % orders.count]
    case UInt8(ascii: "?"), UInt8(ascii: "h"): table.showsHelp = !closesHelp
    default: break
    }
    return true
  }

  /// Does what a signal asks for; true if it was one that the view answers itself.
  func take(_ signal: Signal, _ output: inout LineOutput) throws(SystemError) -> Bool {
    switch signal {
    case .windowChange:
      measure()
      pacer = RedrawPacer()
    case .quit: pacer.change()
    case .terminalStop:
      hide(&output)
      try keys?.giveBack()
      try Signal.stopThisProcess()
      try keys?.takeOver()
      show(&output)
    default: return false
    }
    return true
  }
}
