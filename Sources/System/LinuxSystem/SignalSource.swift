internal import CLinux
import Glibc

/// Signals as something to poll and read, instead of an interruption.
///
/// The chosen signals are blocked for the calling thread and for the threads it starts later, so
/// this is made first thing in `main`. The corresponding C call is `signalfd`.
public struct SignalSource: ~Copyable {
  private let descriptor: Descriptor
  /// What is restored in the end, if anything is.
  private let previousMask: sigset_t?

  /// Blocks `signals` and delivers them here.
  ///
  /// - Parameters:
  ///   - signals: which ones.
  ///   - staysBlocked: they are never let through again. For a program that ends soon behind this
  ///     value: `timeout` and terminals can send a signal twice, and the second one must not change
  ///     the exit code.
  /// - Throws: an error of `signalfd`.
  public init(_ signals: [Signal], staysBlocked: Bool = false) throws(SystemError) {
    var chosen = sigset_t()
    var previous = sigset_t()
    // The sets are plain values, borrowed for each call only.
    unsafe sigemptyset(&chosen)
    for signal in signals {
      let added = unsafe sigaddset(&chosen, signal.rawValue)
      precondition(added == 0, "\(signal) is not a signal")
    }
    let number = try systemCall("watch signals") {
      unsafe signalfd(-1, &chosen, CInt(SFD_CLOEXEC | SFD_NONBLOCK))
    }
    descriptor = Descriptor(owning: number)
    let blocked = unsafe pthread_sigmask(SIG_BLOCK, &chosen, &previous)
    precondition(blocked == 0, "blocking valid signals cannot fail")
    previousMask = staysBlocked ? nil : previous
  }

  /// Poll this for reading.
  public var descriptorNumber: CInt { descriptor.rawValue }

  /// The next signal that has come, or nil when none is waiting.
  public func next() throws(SystemError) -> Signal? {
    var record = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    let count = try systemCallUnlessWaiting("read a signal") {
      // The kernel writes one whole record or nothing.
      unsafe withUnsafeMutableBytes(of: &record) { bytes in
        unsafe Glibc::read(descriptor.rawValue, bytes.baseAddress, size)
      }
    }
    guard count == size else { return nil }
    return Signal(rawValue: CInt(truncatingIfNeeded: record.ssi_signo))
  }

  deinit {
    guard var mask = previousMask else { return }
    // A second Control-C that nobody has read is not to end the process after all.
    while let _ = try? next() {}
    _ = unsafe pthread_sigmask(SIG_SETMASK, &mask, nil)
  }
}
