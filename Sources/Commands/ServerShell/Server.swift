public import LinuxSystem
public import PacketWire

/// A server as the loop around it sees it. Nothing it does waits.
public protocol Server: AnyObject {
  /// Puts its descriptors into the table, once.
  func watch(with poller: inout Poller)
  /// Does what the table says can be done, and what is due.
  func serve(_ poller: inout Poller, at now: MonotonicInstant) throws(SystemError)
  /// When `serve` has to be called at the latest.
  var wakeAt: MonotonicInstant? { get }
}
