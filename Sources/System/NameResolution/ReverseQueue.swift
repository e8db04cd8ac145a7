internal import LinuxSystem
internal import PacketWire
internal import Synchronization

/// What the callers and the threads of a `ReverseResolver` share. It lives for as long as any of
/// them does: a thread that hangs in a look-up keeps it, and nothing else.
final class ReverseQueue: Sendable {
  /// All tables together; every one of them is bounded.
  struct State {
    var isClosed = false
    /// Requests that no thread has taken yet, in order.
    var waiting: [IPAddress] = []
    /// Requests without an answer, taken or not.
    var pending: Set<IPAddress> = []
    /// Answers that `drain` has not given out yet.
    var answers: [(IPAddress, String?)] = []
    var cache: [IPAddress: ReverseName] = [:]
    /// The keys of the cache in the order they came; the oldest is at `oldest`.
    var order: [IPAddress] = []
    var oldest = 0
    var evictions = 0
    var refusals = 0
  }

  let state = Mutex(State())
  /// Counts the waiting requests; a thread's `read` takes one, or sleeps.
  let requests: EventCounter
  /// Is readable when there are answers.
  let ready: EventCounter
  let lookUp: @Sendable (IPAddress) -> String?
  let queueCapacity: Int
  let cacheCapacity: Int

  init(
    queueCapacity: Int, cacheCapacity: Int, lookUp: @escaping @Sendable (IPAddress) -> String?
  ) throws(SystemError) {
    requests = try EventCounter(.takesOne)
    ready = try EventCounter(.takesAll)
    (self.queueCapacity, self.cacheCapacity) = (queueCapacity, cacheCapacity)
    self.lookUp = lookUp
  }

  /// One thread's life: take a request, look it up, store the answer.
  func work() {
    while true {
      requests.take()
      let next: IPAddress? = state.withLock { state in
        state.isClosed || state.waiting.isEmpty ? nil : state.waiting.removeFirst()
      }
      // Woken without a request: the queue is closed.
      guard let next else { return }
      let name = lookUp(next)
      state.withLock { $0.store(name, for: next, cacheCapacity: cacheCapacity) }
      ready.add(1)
    }
  }
}

extension ReverseQueue.State {
  /// Keeps an answer for `drain` and in the cache, where the oldest makes room.
  mutating func store(_ name: String?, for address: IPAddress, cacheCapacity: Int) {
    pending.remove(address)
    // A caller that never drains still finds names in the cache.
    if answers.count == cacheCapacity { answers.removeFirst() }
    answers.append((address, name))
    if order.count < cacheCapacity {
      order.append(address)
    } else {
      cache[order[oldest]] = nil
      evictions += 1
      order[oldest] = address
      oldest = (oldest + 1) % cacheCapacity
    }
    cache[address] = name.map(ReverseName.named) ?? .unnamed
  }
}
