internal import CLinux
import Glibc
internal import LinuxSystem

/// A number in the kernel that can be polled and waited for (eventfd(2)).
struct EventCounter: ~Copyable, Sendable {
  /// What a reader takes away.
  enum Kind {
    /// One, and sleeps while there is none.
    case takesOne
    /// All, and never sleeps.
    case takesAll
  }

  private let descriptor: Descriptor

  init(_ kind: Kind) throws(SystemError) {
    let flags = kind == .takesOne ? EFD_SEMAPHORE : EFD_NONBLOCK
    let number = try systemCall("make an event counter") {
      eventfd(0, CInt(flags) | CInt(EFD_CLOEXEC))
    }
    descriptor = Descriptor(owning: number)
  }

  var descriptorNumber: CInt { descriptor.rawValue }

  /// Takes one or all away.
  func take() {
    var value: UInt64 = 0
    // EINTR is retried; EAGAIN means that there is nothing to take.
    _ = try? systemCallUnlessWaiting("read an event counter") {
      // The kernel writes eight octets.
      unsafe Glibc::read(descriptor.rawValue, &value, 8)
    }
  }

  /// Adds `count`. Nobody can add enough for this to wait or to fail.
  func add(_ count: UInt64) {
    var value = count
    _ = try? systemCall("write an event counter") {
      // The kernel reads eight octets.
      unsafe Glibc::write(descriptor.rawValue, &value, 8)
    }
  }
}
