public import LinuxSystem
import PacketWire

/// A process that does nothing but serve.
public enum ServerLoop {
  /// Serves until one of the signals comes, and gives it; or until nobody wants it any more, which
  /// is asked after each round.
  @discardableResult
  public static func run(
    _ servers: [any Server], until signals: borrowing SignalSource,
    while isWanted: () -> Bool = { true }
  ) throws(SystemError) -> Signal? {
    var poller = Poller()
    let signalSlot = poller.add(signals.descriptorNumber, interest: .read)
    let group = try ServerGroup(servers, watchedBy: &poller)
    while isWanted() {
      try poller.wait(until: group.wakeAt)
      try group.serve(poller, at: MonotonicClock.now())
      if !poller.readiness(of: signalSlot).isEmpty, let signal = try signals.next() {
        return signal
      }
    }
    return nil
  }
}
