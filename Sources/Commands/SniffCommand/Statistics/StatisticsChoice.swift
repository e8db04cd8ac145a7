import CaptureStatistics
import CommandLineKit

/// What `--stats` and `--expert` ask for.
struct StatisticsChoice: Hashable, Sendable {
  /// What is counted.
  var kinds: CaptureStatistics.Kinds
  /// How many rows of a table are shown; nil for all.
  var rows: Int?

  private static let words: [(word: String, kind: CaptureStatistics.Kinds)] = [
    ("conversations", .conversations), ("endpoints", .endpoints), ("hierarchy", .hierarchy),
    ("tcp", .tcp), ("io", .io), ("dns", .dns), ("http", .http),
    ("websocket", .webSocket),
  ]

  /// The words of a list with commas, for help and errors.
  static var wordList: String { words.map(\.word).joined(separator: ", ") }

  /// Reads the options; nil when neither is given.
  init?(_ options: SniffOptions) throws(UsageError) {
    guard options.statistics != nil || options.listsFindings else { return nil }
    kinds = options.listsFindings ? .expert : []
    rows = options.statisticsRows == 0 ? nil : options.statisticsRows
    for word in (options.statistics ?? "").split(separator: ",") {
      guard let known = Self.words.first(where: { $0.word == word }) else {
        throw UsageError(
          "--stats: \(UsageError.quoted(String(word))) is none of \(Self.wordList)")
      }
      kinds.insert(known.kind)
    }
    guard !kinds.isEmpty else { throw UsageError("--stats wants some of \(Self.wordList)") }
  }
}
