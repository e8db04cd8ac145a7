internal import CLinux
import Glibc

/// A copy of this process that goes on in the background, away from the terminal.
public enum BackgroundProcess {
  /// Runs `job` in a background process, and returns once that has said it is ready or has ended. For
  /// a process with a single thread.
  ///
  /// The job has the caller's standard streams until it is ready, so that it can say what went wrong,
  /// no other descriptor of the caller's, and a session of its own from the start. The corresponding C calls are `fork` and `setsid`.
  ///
  /// - Returns: 0 once it is ready; the code that it ended with if it ended before.
  public static func start(
    _ job: (consuming ReadySignal) -> CInt
  ) throws(SystemError) -> CInt {
    let pipe = try Descriptor.pipe()
    let started = try systemCall("start a background process") { clinux_fork() }
    guard started != 0 else {
      _ = setsid()
      let writeEnd = pipe.takeWriteEnd()
      // Whoever waits for the end of a pipe that we were born with is not to wait for this process.
      clinux_close_from(3, writeEnd.rawValue - 1)
      clinux_close_from(max(writeEnd.rawValue + 1, 3), CInt.max)
      _exit(job(ReadySignal(pipe: writeEnd)))
    }
    let end = pipe.takeReadEnd()
    var buffer: [UInt8] = [0]
    if try end.read(into: &buffer) == 1 { return 0 }
    var word: CInt = 0
    // The kernel writes one word.
    while unsafe waitpid(started, &word, 0) == -1, errno == EINTR {}
    return ProcessExit(word: word).shellCode
  }
}

/// How a background process says that it is ready for its job.
public struct ReadySignal: ~Copyable {
  private let pipe: Descriptor

  fileprivate init(pipe: consuming Descriptor) { self.pipe = pipe }

  /// Lets go of the standard streams and of the current folder, and lets whoever started this process
  /// return. Fails with EPIPE if that one has gone.
  public consuming func send() throws(SystemError) {
    let nothing = try Descriptor.open("/dev/null", flags: O_RDWR)
    for stream in [StandardStream.input, StandardStream.output, StandardStream.error] {
      _ = try systemCall("let go of a standard stream") { dup2(nothing.rawValue, stream) }
    }
    _ = unsafe chdir("/")
    try writeAll([1].span, to: pipe.rawValue)
  }
}
