import CLinux
import Glibc
import LinuxSystem
import PacketWire
import Testing

@Suite("Poller and clocks")
struct PollerTests {
  @Test func aPastDeadlineOnlyLooks() throws {
    var poller = Poller()
    #expect(try poller.wait(until: MonotonicInstant(nanoseconds: 0)) == 0)
  }

  @Test func waitsUntilTheDeadlineAndNotLess() throws {
    var poller = Poller()
    let deadline = MonotonicClock.now() + .milliseconds(20)
    #expect(try poller.wait(until: deadline) == 0)
    #expect(MonotonicClock.now() >= deadline)
  }

  @Test func anInterruptionDoesNotEndTheWait() async {
    await #expect(processExitsWith: .success) { try waitThroughSignals() }
  }

  @Test func eachSlotHasItsOwnReadiness() throws {
    let first = try TestPipe()
    let second = try TestPipe()
    var poller = Poller()
    let firstSlot = poller.add(first.readEnd.rawValue, interest: .read)
    let secondSlot = poller.add(second.readEnd.rawValue, interest: .read)
    let writeSlot = poller.add(second.writeEnd.rawValue, interest: .write)
    try writeAll([7].span, to: second.writeEnd.rawValue)
    #expect(try poller.wait(until: nil) == 2)
    #expect(poller.readiness(of: firstSlot) == [])
    #expect(poller.readiness(of: secondSlot) == .readable)
    #expect(poller.readiness(of: writeSlot) == .writable)
  }

  @Test func modifyAndRemove() throws {
    let pipe = try TestPipe()
    var poller = Poller()
    let slot = poller.add(pipe.writeEnd.rawValue, interest: .write)
    poller.modify(slot, interest: [])
    #expect(try poller.wait(until: MonotonicInstant(nanoseconds: 0)) == 0)
    poller.modify(slot, interest: .write)
    #expect(try poller.wait(until: nil) == 1)
    poller.remove(slot)
    #expect(try poller.wait(until: MonotonicInstant(nanoseconds: 0)) == 0)
    // A removed place is used again, and with nothing left over from before.
    let again = poller.add(pipe.readEnd.rawValue, interest: .read)
    #expect(again == slot)
    #expect(try poller.wait(until: MonotonicInstant(nanoseconds: 0)) == 0)
    try writeAll([7].span, to: pipe.writeEnd.rawValue)
    #expect(try poller.wait(until: nil) == 1)
    #expect(poller.readiness(of: again) == .readable)
  }

  @Test func aClosedWriterIsAHangUp() throws {
    let descriptors = try TestPipe().split()
    var poller = Poller()
    let slot = poller.add(descriptors.read, interest: .read)
    close(descriptors.write)
    #expect(try poller.wait(until: nil) == 1)
    #expect(poller.readiness(of: slot) == .hungUp)
    close(descriptors.read)
  }

  @Test func timerSlackIsSet() throws {
    try Poller.setTimerSlack(Nanoseconds(1))
    #expect(clinux_prctl(PR_GET_TIMERSLACK, 0, 0) == 1)
  }

  @Test func clocks() {
    let (first, second) = (MonotonicClock.now(), MonotonicClock.now())
    #expect(first <= second)
    // Later than 2024 and earlier than 2100, in nanoseconds since 1970.
    #expect(
      (1_704_067_200_000_000_000...4_102_444_800_000_000_000).contains(
        WallClock.now().nanoseconds))
  }
}

/// Waits 60 ms while ten signals with a handler arrive. ppoll is never restarted by the kernel after a
/// handler, whatever SA_RESTART says (signal(7)).
private func waitThroughSignals() throws(SystemError) {
  _ = signal(SIGALRM) { _ in }
  var mask = sigset_t()
  unsafe sigemptyset(&mask)
  unsafe sigaddset(&mask, SIGALRM)
  unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  let deadline = MonotonicClock.now() + .milliseconds(60)
  let thread = pthread_self()
  Task.detached {
    for _ in 0..<10 {
      usleep(5000)
      pthread_kill(thread, SIGALRM)
    }
  }
  var poller = Poller()
  let ready = try poller.wait(until: deadline)
  #expect(ready == 0 && MonotonicClock.now() >= deadline)
}
