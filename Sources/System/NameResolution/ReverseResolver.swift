import Glibc
public import LinuxSystem
public import PacketWire
internal import Synchronization

/// What is known about the name of an address.
public enum ReverseName: Hashable, Sendable {
  /// Its name, which came from the network and is to be made safe before it is printed.
  case named(String)
  /// It has none, or nobody could be asked.
  case unnamed
}

/// Addresses to names, by threads of its own: no caller ever waits, so look-ups stay out of every
/// timing path.
///
/// Poll `descriptorNumber`, then `drain`. A look-up that hangs does not keep the process from
/// exiting. The threads are started here, and have the privileges and namespaces of the thread that
/// makes this: drop the former first.
public final class ReverseResolver: Sendable {
  private let queue: ReverseQueue

  /// Starts `threads` threads. At most `queueCapacity` requests are under way at once, and
  /// `cacheCapacity` answers are remembered. The corresponding C call is `pthread_create`.
  public convenience init(
    threads: Int = 4, queueCapacity: Int = 1024, cacheCapacity: Int = 8192
  ) throws(SystemError) {
    try self.init(
      threads: threads, queueCapacity: queueCapacity, cacheCapacity: cacheCapacity,
      lookUp: reverseLookUp)
  }

  /// With another way to look names up.
  init(
    threads: Int, queueCapacity: Int, cacheCapacity: Int,
    lookUp: @escaping @Sendable (IPAddress) -> String?
  ) throws(SystemError) {
    precondition(threads > 0 && queueCapacity > 0 && cacheCapacity > 0)
    queue = try ReverseQueue(
      queueCapacity: queueCapacity, cacheCapacity: cacheCapacity, lookUp: lookUp)
    for _ in 0..<threads { try startThread(queue) }
  }

  deinit {
    queue.state.withLock { $0.isClosed = true }
    // Enough for every thread to wake once, whatever their number.
    queue.requests.add(UInt64(UInt32.max))
  }

  /// Poll this for reading: it is ready when `drain` has something to give.
  public var descriptorNumber: CInt { queue.ready.descriptorNumber }

  /// Asks for the name of `address`, unless it is known or asked for already. False when too many
  /// requests are under way; that is counted in `refusals`.
  @discardableResult
  public func request(_ address: IPAddress) -> Bool {
    let verdict = queue.state.withLock { state -> Verdict in
      guard state.cache[address] == nil, !state.pending.contains(address) else { return .known }
      guard state.pending.count < queue.queueCapacity else {
        state.refusals += 1
        return .refused
      }
      state.pending.insert(address)
      state.waiting.append(address)
      return .queued
    }
    if verdict == .queued { queue.requests.add(1) }
    return verdict != .refused
  }

  private enum Verdict {
    case known, queued, refused
  }

  /// The answers that have come since the last call, in the order they came.
  public func drain() -> [(IPAddress, String?)] {
    queue.ready.take()
    return queue.state.withLock { state in
      defer { state.answers.removeAll() }
      return state.answers
    }
  }

  /// What is known about the name of `address` now; nil when there is no answer (yet).
  public func name(of address: IPAddress) -> ReverseName? {
    queue.state.withLock { $0.cache[address] }
  }

  /// How many requests have no answer yet.
  public var pendingCount: Int { queue.state.withLock { $0.pending.count } }
  /// How many answers were forgotten to make room for newer ones.
  public var evictions: Int { queue.state.withLock { $0.evictions } }
  /// How many requests were refused because too many were under way.
  public var refusals: Int { queue.state.withLock { $0.refusals } }
}

/// Starts a thread that serves `queue` until it is closed. All signals are blocked in it, so that
/// they reach the thread that watches for them.
private func startThread(_ queue: ReverseQueue) throws(SystemError) {
  var (all, previous, thread) = (sigset_t(), sigset_t(), pthread_t())
  // The sets are plain values, borrowed for each call only.
  unsafe sigfillset(&all)
  unsafe pthread_sigmask(SIG_SETMASK, &all, &previous)
  defer { unsafe pthread_sigmask(SIG_SETMASK, &previous, nil) }
  // The thread takes this reference over.
  let context = unsafe Unmanaged.passRetained(queue)
  let code = unsafe pthread_create(
    &thread, nil,
    { context in
      guard let context = unsafe context else { return nil }
      unsafe Unmanaged<ReverseQueue>.fromOpaque(context).takeRetainedValue().work()
      return nil
    }, context.toOpaque())
  guard code == 0 else {
    unsafe context.release()
    throw SystemError("start a thread", errorNumber: code)
  }
  pthread_detach(thread)
}
