internal import CLinux
import Glibc

/// Watches many descriptors, of which few are ready at a time: what it takes to look depends on
/// those only, and not on how many are watched.
///
/// It never waits itself. Its own descriptor is ready to be read when one of the watched is, and is
/// put into a `Poller`, which sleeps to the nanosecond; `epoll_wait` counts in milliseconds. The
/// corresponding C calls are those of `epoll(7)`, level-triggered.
public struct EventPoll: ~Copyable {
  /// What has come for one descriptor.
  public struct Event: Hashable, Sendable {
    /// What the descriptor was added as.
    public var token: UInt64
    /// What can be done.
    public var readiness: Poller.Readiness

    /// Any values.
    public init(token: UInt64, readiness: Poller.Readiness) {
      (self.token, self.readiness) = (token, readiness)
    }
  }

  private let descriptor: Descriptor
  /// What the last `look` found.
  public private(set) var events: [Event] = []

  /// Watches nothing yet. The corresponding C call is `epoll_create1`.
  public init() throws(SystemError) {
    let number = try systemCall("watch many descriptors") {
      epoll_create1(CInt(EPOLL_CLOEXEC))
    }
    descriptor = Descriptor(owning: number)
  }

  /// Poll this for reading.
  public var descriptorNumber: CInt { descriptor.rawValue }

  /// Watches `number`, which must stay open until it is removed and is not watched here yet. Errors
  /// and hang-ups are always told. The corresponding C call is `epoll_ctl(EPOLL_CTL_ADD)`.
  public func add(
    _ number: CInt, as token: UInt64, interest: Poller.Interest
  ) throws(SystemError) {
    try control(EPOLL_CTL_ADD, number, token, interest)
  }

  /// Changes what a watched descriptor is watched for. The corresponding C call is
  /// `epoll_ctl(EPOLL_CTL_MOD)`.
  public func modify(
    _ number: CInt, as token: UInt64, interest: Poller.Interest
  ) throws(SystemError) {
    try control(EPOLL_CTL_MOD, number, token, interest)
  }

  /// Stops watching. The corresponding C call is `epoll_ctl(EPOLL_CTL_DEL)`.
  public func remove(_ number: CInt) throws(SystemError) {
    try control(EPOLL_CTL_DEL, number, 0, [])
  }

  /// Looks which descriptors are ready. The corresponding C call is `epoll_wait` without a wait.
  public mutating func look() throws(SystemError) {
    events.removeAll(keepingCapacity: true)
    // What does not fit is told first the next time.
    var room = unsafe InlineArray<256, epoll_event>(repeating: epoll_event())
    let count = try systemCall("look at many descriptors") {
      // The kernel writes at most as many events as there is room for.
      unsafe withUnsafeMutablePointer(to: &room) { room in
        let first = unsafe UnsafeMutableRawPointer(room).assumingMemoryBound(to: epoll_event.self)
        return unsafe epoll_wait(descriptor.rawValue, first, 256, 0)
      }
    }
    for index in 0..<Int(count) {
      let event = unsafe room[index]
      // The bits of both calls have the same values on Linux (epoll_ctl(2), poll(2)).
      let readiness = Poller.Readiness(rawValue: Int16(truncatingIfNeeded: unsafe event.events))
      events.append(Event(token: unsafe event.data.u64, readiness: readiness))
    }
  }

  private func control(
    _ operation: CInt, _ number: CInt, _ token: UInt64, _ interest: Poller.Interest
  ) throws(SystemError) {
    var event = unsafe epoll_event()
    unsafe event.events = UInt32(interest.rawValue)
    unsafe event.data.u64 = token
    _ = try systemCall("watch one more descriptor") {
      // The event is borrowed for the call only.
      unsafe epoll_ctl(descriptor.rawValue, operation, number, &event)
    }
  }
}
