import CommandLineKit
import LinuxSystem
import PacketWire
import TerminalText

/// A file that is written, or a series of them.
final class OutputFile {
  private let keeper: FileKeeper?
  /// Its number at the keeper.
  private let index: Int
  private var series: FileSeries?
  private var descriptor: Descriptor?
  /// Octets written to the present file.
  private(set) var length = 0
  /// The last file of a series is closed.
  private(set) var isOver = false

  /// Creates `path`, or empties it; `-` is standard output. A new file belongs to `owner`, if given.
  init(_ path: String, owner: Command.Identity?) throws(SystemError) {
    (keeper, index) = (nil, 0)
    descriptor =
      path == "-"
      ? try Descriptor.duplicate(of: StandardStream.output)
      : try Descriptor.createForWriting(path, owner: owner)
  }

  /// Creates the first file of a series.
  init(_ series: FileSeries, number: Int, of keeper: FileKeeper) throws(SystemError) {
    (self.keeper, self.series, index) = (keeper, series, number)
    descriptor = try keeper.open(series.place, of: number)
  }

  /// Other files follow this one.
  var isSeries: Bool { series != nil }
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

  /// What becomes of the file before something is added to it and to the `waiting` octets.
  func step(waiting: Int) -> FileSeries.Step {
    guard series != nil, !isOver else { return .stay }
    return series?.step(length: length + waiting, at: WallClock.now()) ?? .stay
  }

  /// Closes the present file and begins the next. What waited has to be written before.
  func advance() throws(SystemError) {
    guard let keeper, let series else { return }
    descriptor = nil
    length = 0
    descriptor = try keeper.open(series.place, of: index)
  }

  /// Closes the last file of the series.
  func close() throws(SystemError) {
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
