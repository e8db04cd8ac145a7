import LinuxSystem
import PacketWire

/// A server of the lab's far side, as the loop sees it. Nothing it does waits.
protocol LabServer: AnyObject {
  /// Puts its descriptors into the table, once.
  func watch(with poller: inout Poller)
  /// Does what the table says can be done, and what is due.
  func serve(_ poller: inout Poller, at now: MonotonicInstant) throws(SystemError)
  /// When `serve` has to be called at the latest.
  var wakeAt: MonotonicInstant? { get }
}
