import Glibc
import LinuxSystem
import PacketWire
import Testing

@Suite("Many descriptors")
struct EventPollTests {
  @Test func tellsWhichAreReadyAndForWhat() throws {
    let first = try TestPipe()
    let second = try TestPipe()
    var watch = try EventPoll()
    try watch.add(first.readEnd.rawValue, as: 1, interest: .read)
    try watch.add(second.readEnd.rawValue, as: .max, interest: .read)
    try watch.add(second.writeEnd.rawValue, as: 3, interest: [])
    try watch.look()
    #expect(watch.events == [])
    try writeAll([7].span, to: second.writeEnd.rawValue)
    try watch.look()
    #expect(watch.events == [.init(token: .max, readiness: .readable)])
    try watch.modify(second.writeEnd.rawValue, as: 4, interest: .write)
    try watch.remove(second.readEnd.rawValue)
    try watch.look()
    #expect(watch.events == [.init(token: 4, readiness: .writable)])
  }

  @Test("errors and hang-ups are told without any interest")
  func hangUp() throws {
    let pipe = try TestPipe().split()
    defer { close(pipe.read) }
    var watch = try EventPoll()
    try watch.add(pipe.read, as: 9, interest: [])
    close(pipe.write)
    try watch.look()
    #expect(watch.events == [.init(token: 9, readiness: .hungUp)])
  }

  @Test("all that are ready are told in turn, however many they are")
  func many() throws {
    let pipe = try TestPipe()
    var watch = try EventPoll()
    var copies: [CInt] = []
    defer { for copy in copies { close(copy) } }
    for token in 0..<600 as Range<UInt64> {
      copies.append(try Descriptor.duplicate(of: pipe.readEnd.rawValue).release())
      try watch.add(try #require(copies.last), as: token, interest: .read)
    }
    try writeAll([7].span, to: pipe.writeEnd.rawValue)
    var tokens: Set<UInt64> = []
    for _ in 0..<3 {
      try watch.look()
      tokens.formUnion(watch.events.map(\.token))
    }
    #expect(tokens.count == 600)
  }

  @Test("wakes the loop that polls it")
  func nested() throws {
    let pipe = try TestPipe()
    let watch = try EventPoll()
    try watch.add(pipe.readEnd.rawValue, as: 1, interest: .read)
    var poller = Poller()
    let slot = poller.add(watch.descriptorNumber, interest: .read)
    #expect(try poller.wait(until: MonotonicInstant(nanoseconds: 0)) == 0)
    try writeAll([7].span, to: pipe.writeEnd.rawValue)
    #expect(try poller.wait(until: nil) == 1)
    #expect(poller.readiness(of: slot) == .readable)
  }
}

@Suite("The limit of open files")
struct OpenFileLimitTests {
  @Test func isRaisedAndNeverLowered() async {
    await #expect(processExitsWith: .success) {
      var limits = rlimit()
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
      try #require(unsafe getrlimit(resource, &limits) == 0)
      limits.rlim_cur = 100
      try #require(unsafe setrlimit(resource, &limits) == 0)
      #expect(try OpenFileLimit.raise(to: 300) == 300)
      #expect(try OpenFileLimit.current() == 300)
      #expect(try OpenFileLimit.raise(to: 200) == 300)
      #expect(try OpenFileLimit.current() == 300)
      let most = Int(clamping: limits.rlim_max)
      #expect(try OpenFileLimit.raise(to: .max) == most)
    }
  }
}
