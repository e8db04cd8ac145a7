internal import CLinux
import Glibc
public import PacketWire

/// Waits until one of a few descriptors is ready or a time has come: the only place where a tool
/// sleeps.
///
/// The table of descriptors is reused, so that waiting allocates nothing. A few dozen descriptors
/// are what it is for; behind one of them may be an `EventPoll` with thousands.
public struct Poller: ~Copyable {
  /// What to wait for. Errors and hang-ups are always reported, with an empty interest too.
  public struct Interest: OptionSet, Hashable, Sendable {
    /// The bits of `pollfd.events`.
    public var rawValue: Int16
    /// Any bits.
    public init(rawValue: Int16) { self.rawValue = rawValue }
    /// There is something to read or to accept.
    public static let read = Interest(rawValue: Int16(POLLIN))
    /// There is room to write, or a connection attempt has ended.
    public static let write = Interest(rawValue: Int16(POLLOUT))
  }

  /// What has come.
  public struct Readiness: OptionSet, Hashable, Sendable {
    /// The bits of `pollfd.revents`.
    public var rawValue: Int16
    /// Any bits.
    public init(rawValue: Int16) { self.rawValue = rawValue }
    /// There is something to read or to accept.
    public static let readable = Readiness(rawValue: Int16(POLLIN))
    /// There is room to write, or a connection attempt has ended.
    public static let writable = Readiness(rawValue: Int16(POLLOUT))
    /// An error is waiting: on a socket, its error queue is to be read.
    public static let failed = Readiness(rawValue: Int16(POLLERR))
    /// The other end is closed; what it wrote may still be readable.
    public static let hungUp = Readiness(rawValue: Int16(POLLHUP))
  }

  /// A place in the table, good until it is removed.
  public struct Slot: Hashable, Sendable {
    fileprivate let index: Int
  }

  private var table: [pollfd] = []
  private var freeSlots: [Int] = []

  /// An empty table.
  public init() {}

  /// Watches `descriptor`, which must stay open until its slot is removed.
  public mutating func add(_ descriptor: CInt, interest: Interest) -> Slot {
    let entry = pollfd(fd: descriptor, events: interest.rawValue, revents: 0)
    if let index = freeSlots.popLast() {
      table[index] = entry
      return Slot(index: index)
    }
    table.append(entry)
    return Slot(index: table.count - 1)
  }

  /// Changes what `slot` waits for.
  public mutating func modify(_ slot: Slot, interest: Interest) {
    table[slot.index].events = interest.rawValue
  }

  /// Stops watching; the slot may be given out again.
  public mutating func remove(_ slot: Slot) {
    precondition(table[slot.index].fd >= 0, "this slot was removed before")
    // The kernel skips negative numbers (poll(2)).
    table[slot.index] = pollfd(fd: -1, events: 0, revents: 0)
    freeSlots.append(slot.index)
  }

  /// Sleeps until a descriptor is ready or `deadline` has come; a past deadline only looks, and nil
  /// waits for ever. Returns how many are ready.
  ///
  /// The corresponding C call is `ppoll`. Signals are left to `SignalSource`.
  @discardableResult
  public mutating func wait(until deadline: MonotonicInstant?) throws(SystemError) -> Int {
    let ready = try systemCall("wait for descriptors") {
      // The time left is worked out again after an interruption.
      var timeout = deadline.map { timespec(nonNegative: $0 - MonotonicClock.now()) } ?? timespec()
      let count = nfds_t(table.count)
      // The table and the time are borrowed for the call only.
      return unsafe table.withUnsafeMutableBufferPointer { entries in
        unsafe withUnsafePointer(to: &timeout) { timeout in
          unsafe clinux_ppoll(entries.baseAddress, count, deadline == nil ? nil : timeout, nil)
        }
      }
    }
    return Int(ready)
  }

  /// What the last `wait` found in this slot.
  public func readiness(of slot: Slot) -> Readiness {
    let found = table[slot.index].revents
    precondition(found & Int16(POLLNVAL) == 0, "a closed descriptor is still being watched")
    return Readiness(rawValue: found)
  }

  /// How late the kernel may wake this thread in order to wake several at once: 50 µs unless set.
  /// The corresponding C call is `prctl(PR_SET_TIMERSLACK)`.
  public static func setTimerSlack(_ slack: Nanoseconds) throws(SystemError) {
    _ = try systemCall("set the timer slack") {
      // 0 would mean "the default again", which nobody asks for by a length of time.
      clinux_prctl(PR_SET_TIMERSLACK, UInt(max(slack.count, 1)), 0)
    }
  }
}
