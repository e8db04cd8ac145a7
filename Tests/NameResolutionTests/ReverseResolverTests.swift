import Glibc
import LinuxSystem
import PacketWire
import Synchronization
import Testing

@testable import NameResolution

@Suite("Addresses to names, in the background")
struct ReverseResolverTests {
  static func address(_ number: UInt32) -> IPAddress {
    .v4(IPv4Address(bits: 0xc000_0200 + number))
  }

  @Test func answersArriveByPollingAndStayKnown() throws {
    let resolver = try ReverseResolver(threads: 2, queueCapacity: 8, cacheCapacity: 8) { address in
      address == Self.address(2) ? nil : "name-of-\(address)"
    }
    #expect(resolver.name(of: Self.address(1)) == nil)
    #expect(resolver.drain().isEmpty)
    var answers: [IPAddress: String?] = [:]
    for number in 1...3 as ClosedRange<UInt32> { #expect(resolver.request(Self.address(number))) }
    var poller = Poller()
    let slot = poller.add(resolver.descriptorNumber, interest: .read)
    while answers.count < 3 {
      try #require(try poller.wait(until: MonotonicClock.now() + .seconds(20)) == 1)
      #expect(poller.readiness(of: slot) == .readable)
      for (address, name) in resolver.drain() { answers[address] = name }
    }
    #expect(answers[Self.address(1)] == "name-of-192.0.2.1")
    #expect(answers[Self.address(2)] == .some(nil))
    #expect(resolver.name(of: Self.address(2)) == .unnamed)
    #expect(resolver.name(of: Self.address(3)) == .named("name-of-192.0.2.3"))
    #expect(resolver.drain().isEmpty)
    #expect(try poller.wait(until: MonotonicClock.now()) == 0)
  }

  @Test func nothingIsAskedTwice() throws {
    let counter = Counter()
    let resolver = try ReverseResolver(threads: 1, queueCapacity: 8, cacheCapacity: 8) { _ in
      counter.add()
      return "x"
    }
    for _ in 0..<5 { #expect(resolver.request(Self.address(1))) }
    try waitUntilAnswered(resolver)
    #expect(resolver.request(Self.address(1)))
    #expect(resolver.pendingCount == 0)
    #expect(counter.value == 1)
  }

  @Test func aFullQueueRefusesAndCounts() throws {
    let gate = Gate()
    let resolver = try ReverseResolver(threads: 1, queueCapacity: 3, cacheCapacity: 8) { _ in
      gate.pass()
      return "x"
    }
    for number in 0..<3 as Range<UInt32> { #expect(resolver.request(Self.address(number))) }
    #expect(!resolver.request(Self.address(3)) && !resolver.request(Self.address(4)))
    #expect(resolver.request(Self.address(0)))  // under way already
    #expect(resolver.refusals == 2 && resolver.pendingCount == 3)
    gate.open()
    try waitUntilAnswered(resolver)
    #expect(resolver.request(Self.address(3)))
    try waitUntilAnswered(resolver)
    #expect(resolver.name(of: Self.address(3)) == .named("x"))
  }

  @Test func theOldestAnswersMakeRoom() throws {
    let resolver = try ReverseResolver(threads: 1, queueCapacity: 100, cacheCapacity: 4) { "\($0)" }
    for number in 0..<10 as Range<UInt32> { #expect(resolver.request(Self.address(number))) }
    var poller = Poller()
    while resolver.pendingCount > 0 {
      try poller.wait(until: MonotonicClock.now() + .milliseconds(1))
    }
    #expect(resolver.evictions == 6)
    for number in 0..<10 as Range<UInt32> {
      #expect((resolver.name(of: Self.address(number)) != nil) == (number >= 6))
    }
    // Answers that nobody fetched are bounded too.
    #expect(resolver.drain().map(\.0) == (6..<10).map(Self.address))
  }

  @Test func threadsEndWithTheResolver() throws {
    weak var watched: Counter?
    do {
      let token = Counter()
      watched = token
      let resolver = try ReverseResolver(threads: 3, queueCapacity: 8, cacheCapacity: 8) { _ in
        token.add()
        return nil
      }
      resolver.request(Self.address(1))
    }
    // The queue, and with it the token, is held by the threads until the last one has ended.
    var poller = Poller()
    let deadline = MonotonicClock.now() + .seconds(20)
    while watched != nil, MonotonicClock.now() < deadline {
      try poller.wait(until: MonotonicClock.now() + .milliseconds(1))
    }
    #expect(watched == nil)
  }

  @Test func aHungLookUpKeepsNobody() async {
    await #expect(processExitsWith: .exitCode(5)) {
      let resolver = try ReverseResolver(threads: 2, queueCapacity: 8, cacheCapacity: 8) { _ in
        while true { sleep(1000) }
      }
      for number in 0..<5 as Range<UInt32> { resolver.request(Self.address(number)) }
      var poller = Poller()
      try poller.wait(until: MonotonicClock.now() + .milliseconds(50))
      #expect(resolver.pendingCount == 5 && resolver.drain().isEmpty)
      exit(5)
    }
  }

  @Test func signalsAreLeftToOthers() throws {
    let seen = Counter()
    let resolver = try ReverseResolver(threads: 1, queueCapacity: 8, cacheCapacity: 8) { _ in
      var mask = sigset_t()
      unsafe pthread_sigmask(SIG_BLOCK, nil, &mask)
      if unsafe sigismember(&mask, SIGINT) == 1, unsafe sigismember(&mask, SIGCHLD) == 1 {
        seen.add()
      }
      return nil
    }
    resolver.request(Self.address(1))
    try waitUntilAnswered(resolver)
    #expect(seen.value == 1)
  }
}

/// A count that threads may share.
final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func add() { count.withLock { $0 += 1 } }
}

/// Holds threads back until it is opened.
final class Gate: Sendable {
  private let isOpen = Mutex(false)
  func open() { isOpen.withLock { $0 = true } }
  func pass() { while !isOpen.withLock({ $0 }) { usleep(1000) } }
}
