import LinuxSystem
import PacketText
import PacketWire
import TerminalText

/// What is printed about packets: to standard output, or to a file or a series of files instead.
struct SinkText: ~Copyable {
  /// What waits, and where it goes.
  var output: LineOutput
  /// It goes to files that follow each other.
  let isSeries: Bool
  private let file: OutputFile?
  private let holdsAll: Bool

  /// Writes to `file`, or else to standard output. `holdsAll` keeps everything back until the end.
  init(
    _ file: OutputFile?, _ settings: TerminalSettings, isLineBuffered: Bool, holdsAll: Bool
  ) {
    (self.file, self.holdsAll) = (file, holdsAll)
    isSeries = file?.isSeries == true
    let flushing: FlushPolicy =
      holdsAll
      ? .whenFull
      : .automatic(
        isTerminal: settings.isTerminal && file == nil, isLineBuffered: isLineBuffered)
    output = file?.output(flushing) ?? LineOutput(to: StandardStream.output, flushing: flushing)
  }

  /// Somebody still reads it.
  var isOpen: Bool { output.isOpen && file?.isOpen != false }
  /// What kept it from being written.
  var failure: SystemError? { output.failure ?? file?.failure }
  /// When the time of the last file is over, if that is limited.
  var end: WallInstant? { file?.end }

  /// Begins the next file if this one is full.
  mutating func goOn() -> FileSeries.Step { file?.goOn(&output) ?? .stay }

  /// Writes what waits if that is much, or if each line is to be seen at once.
  mutating func flushIfDue() {
    guard !holdsAll else { return }
    if output.flushing == .eachLine || output.text.count >= output.limit { output.flush() }
  }

  /// Writes what waits, while nothing else is to be done.
  mutating func idle() {
    if !holdsAll { output.flush() }
  }
}
