import CommandLineKit
import LinuxSystem
import PacketText
import PacketWire
import TerminalText

/// A file that is written, or a series of them.
final class OutputFile {
  private let keeper: FileKeeper?
  /// Its number at the keeper.
  private let index: Int
  /// Other files follow this one.
  let isSeries: Bool
  private var series: FileSeries?
  private var descriptor: Descriptor?
  /// Octets written to the present file.
  private(set) var length = 0
  /// The last file of a series is closed.
  private(set) var isOver = false
  /// What kept a file of a series from being closed or the next one from being opened.
  private(set) var failure: SystemError?

  /// Creates `path`, or empties it; `-` is standard output. A new file belongs to `owner`, if given.
  init(_ path: String, owner: Command.Identity?) throws(SystemError) {
    (keeper, index, isSeries) = (nil, 0, false)
    descriptor =
      path == "-"
      ? try Descriptor.duplicate(of: StandardStream.output)
      : try Descriptor.createForWriting(path, owner: owner)
  }

  /// Creates the first file of a series.
  init(_ series: FileSeries, number: Int, of keeper: FileKeeper) throws(SystemError) {
    (self.keeper, self.series, index, isSeries) = (keeper, series, number, true)
    descriptor = try keeper.open(series.place, of: number)
  }

  /// It takes what it is given.
  var isOpen: Bool { !isOver && failure == nil }
  /// When the series is over although nothing comes.
  var end: WallInstant? { isOver ? nil : series?.end }

  /// Writes to the present file.
  func write(_ octets: Span<UInt8>) throws(SystemError) {
    guard let number = number else { return }
    try writeAll(octets, to: number)
    length += octets.count
  }

  private var number: CInt? {
    switch descriptor {
    case .some(let descriptor): descriptor.rawValue
    case .none: nil
    }
  }

  /// Begins the next file of a series if this one is full, or closes it if it was the last, before
  /// something is added. What waits in `output` is written to the present file first.
  ///
  /// - Returns: what became of the file; its end, too, when it or the next one cannot be written.
  func goOn(_ output: inout LineOutput) -> FileSeries.Step {
    guard !isOver,
      let step = series?.step(length: length + output.text.count, at: WallClock.now()),
      step != .stay
    else { return .stay }
    output.flush()
    guard output.isOpen else { return .end }
    do throws(SystemError) {
      if step == .next { try advance() } else { try close() }
    } catch {
      failure = error
      return .end
    }
    return step
  }

  private func advance() throws(SystemError) {
    guard let keeper, let series else { return }
    descriptor = nil
    length = 0
    descriptor = try keeper.open(series.place, of: index)
  }

  private func close() throws(SystemError) {
    if let count = series?.fileCount {
      Tool.printDiagnostic("Maximum file limit reached: \(count)")
    }
    descriptor = nil
    isOver = true
    try keeper?.close(index)
  }

  /// Lines and octets for this file.
  func output(_ flushing: FlushPolicy) -> LineOutput {
    LineOutput(flushing: flushing) { octets throws(SystemError) in try self.write(octets) }
  }
}
