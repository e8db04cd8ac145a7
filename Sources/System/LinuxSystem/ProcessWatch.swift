internal import CLinux
import Glibc
public import PacketWire

/// Another process, which need not be a child, by a descriptor that never stands for any other one.
public struct ProcessWatch: ~Copyable {
  private let pidfd: Descriptor

  /// Watches the process with this number. ESRCH if there is none. The corresponding C call is
  /// `pidfd_open`.
  public init(_ number: Int) throws(SystemError) {
    pidfd = Descriptor(
      owning: try systemCall("watch process", on: "\(number)") {
        clinux_pidfd_open(pid_t(clamping: number))
      })
  }

  /// Sleeps until the process has ended or `deadline` has come; whether it has ended.
  public func waitForEnd(until deadline: MonotonicInstant) throws(SystemError) -> Bool {
    var poller = Poller()
    let slot = poller.add(pidfd.rawValue, interest: .read)
    try poller.wait(until: deadline)
    return !poller.readiness(of: slot).isEmpty
  }

  /// Ends it at once. The corresponding C call is `pidfd_send_signal(SIGKILL)`.
  public func kill() throws(SystemError) {
    _ = try systemCall("kill a process") { clinux_pidfd_kill(pidfd.rawValue) }
  }
}
