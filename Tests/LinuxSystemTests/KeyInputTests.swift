import CLinux
import Glibc
import PacketWire
import Testing

@testable import LinuxSystem

/// Both ends of a terminal of our own.
private struct TestTerminal: ~Copyable {
  let outer: Descriptor
  let inner: Descriptor

  init() throws {
    outer = Descriptor(owning: unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY))
    var (number, lock) = (CUnsignedInt(0), CInt(0))
    // TIOCSPTLCK and TIOCGPTN of asm-generic/ioctls.h, macros that Swift cannot see (pts(4)).
    try #require(unsafe ioctl(outer.rawValue, 0x4004_5431, &lock) == 0)
    try #require(unsafe ioctl(outer.rawValue, 0x8004_5430, &number) == 0)
    inner = Descriptor(owning: unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY))
  }
}

@Suite("Keys of a terminal")
struct KeyInputTests {
  private func isLineByLine(_ descriptor: CInt) -> Bool {
    var settings = termios()
    guard unsafe tcgetattr(descriptor, &settings) == 0 else { return false }
    return settings.c_lflag & tcflag_t(ICANON) != 0 && settings.c_lflag & tcflag_t(ECHO) != 0
  }

  @Test("keys are read as they are pressed, and the terminal is given back as it was")
  func keys() throws {
    let terminal = try TestTerminal()
    #expect(isLineByLine(terminal.inner.rawValue))
    do {
      let keys = try KeyInput(from: terminal.inner.rawValue)
      #expect(!isLineByLine(terminal.inner.rawValue))
      #expect(try keys.read().isEmpty)
      try writeAll("q?".utf8.span, to: terminal.outer.rawValue)
      var poller = Poller()
      _ = poller.add(keys.descriptorNumber, interest: .read)
      try poller.wait(until: MonotonicClock.now() + .seconds(10))
      #expect(try keys.read() == [0x71, 0x3f])
      try keys.giveBack()
      #expect(isLineByLine(terminal.inner.rawValue))
      try keys.takeOver()
      #expect(!isLineByLine(terminal.inner.rawValue))
    }
    #expect(isLineByLine(terminal.inner.rawValue))
  }

  @Test("what is no terminal is refused")
  func noTerminal() throws {
    let file = try Descriptor.openForReading("/dev/null")
    let error = #expect(throws: SystemError.self) { _ = try KeyInput(from: file.rawValue) }
    #expect(error?.errorNumber == ENOTTY)
  }

  @Test func size() throws {
    let terminal = try TestTerminal()
    #expect(Terminal.rows(of: terminal.inner.rawValue) == nil)
    var size = winsize(ws_row: 7, ws_col: 33, ws_xpixel: 0, ws_ypixel: 0)
    #expect(unsafe ioctl(terminal.outer.rawValue, UInt(TIOCSWINSZ), &size) == 0)
    #expect(
      Terminal.rows(of: terminal.inner.rawValue) == 7
        && Terminal.columns(of: terminal.inner.rawValue) == 33)
  }
}
