import LinuxSystem
import SimulatedInternet

/// What a lab is there for: a command, or whoever asks for it.
protocol LabTask: AnyObject {
  /// Puts its descriptors into the table, once.
  func watch(with poller: inout Poller)
  /// Does what the table says can be done; `packets` tells what has become of packets so far.
  func attend(
    _ poller: inout Poller, packets: () -> SimulatedInternet.Counters
  ) throws(SystemError)
  /// What the tool ends with; nil while there is something to do.
  var exitCode: CInt? { get }
}
