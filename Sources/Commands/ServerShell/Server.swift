public import LinuxSystem
public import PacketWire

/// A server as the loop around it sees it. Nothing it does waits.
public protocol Server: AnyObject {
  /// Poll this for reading: `serve` then has something to do.
  var descriptorNumber: CInt { get }
  /// It never holds more descriptors than this.
  var maximumDescriptors: Int { get }
  /// When `serve` has to be called at the latest.
  var wakeAt: MonotonicInstant? { get }
  /// Does what can be done and what is due.
  func serve(at now: MonotonicInstant) throws(SystemError)
}
