import CLinux
import Glibc
import LinuxSystem
import Testing

@Suite("Signals as something to read")
struct SignalTests {
  @Test(arguments: [
    (Signal.interrupt, "SIGINT"), (.quit, "SIGQUIT"), (.brokenPipe, "SIGPIPE"),
    (.windowChange, "SIGWINCH"), (Signal(rawValue: 40), "signal 40"),
    (Signal(rawValue: 0), "signal 0"), (Signal(rawValue: -3), "signal -3"),
  ])
  func names(signal: Signal, name: String) { #expect(signal.description == name) }

  /// Runs on one thread without a suspension, so that the mask stays that of this test.
  @Test func deliversBlocksAndRestores() throws {
    // The threads of a test run have most signals blocked, which would hide what is restored.
    var unblocked = sigset_t()
    unsafe sigemptyset(&unblocked)
    for number in [SIGUSR1, SIGWINCH] { unsafe sigaddset(&unblocked, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
    var before = sigset_t()
    unsafe pthread_sigmask(SIG_BLOCK, nil, &before)
    try deliver()
    var after = sigset_t()
    unsafe pthread_sigmask(SIG_BLOCK, nil, &after)
    for number in [SIGUSR1, SIGUSR2, SIGWINCH] {
      #expect(unsafe sigismember(&before, number) == sigismember(&after, number))
    }
  }

  private func deliver() throws {
    let source = try SignalSource([.user1, .windowChange])
    #expect(try source.next() == nil)
    pthread_kill(pthread_self(), SIGUSR1)
    pthread_kill(pthread_self(), SIGWINCH)
    var poller = Poller()
    let slot = poller.add(source.descriptorNumber, interest: .read)
    try poller.wait(until: nil)
    #expect(poller.readiness(of: slot) == .readable)
    #expect(try Set([source.next(), source.next()]) == [.user1, .windowChange])
    #expect(try source.next() == nil)
    // Unread at the end: must not end the test run when the mask is restored (SIGUSR1 would).
    pthread_kill(pthread_self(), SIGUSR1)
  }

  @Test func brokenPipeIsAnErrorAndToldApart() async {
    await #expect(processExitsWith: .success) {
      Signal.ignoreBrokenPipe()
      let descriptors = try TestPipe().split()
      close(descriptors.read)
      do throws(SystemError) {
        try writeAll([1].span, to: descriptors.write)
        exit(1)
      } catch {
        exit(error.isBrokenPipe && error.errorNumber == EPIPE ? 0 : 2)
      }
    }
  }
}
