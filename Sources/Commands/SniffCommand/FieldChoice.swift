import CommandLineKit
import LinuxSystem
import PacketFields
import PacketText
import RegularExpressions
import TerminalText

/// What `--fields` and `--where` ask for.
struct FieldChoice {
  /// The fields to print; nil when something else is printed.
  let fields: [PacketField]?
  /// Which packets are shown; nil for all.
  let filter: DisplayFilter?

  /// The word that asks which fields there are.
  static let help = "help"

  /// Reads the options.
  init(_ options: SniffOptions) throws(UsageError) {
    fields = try options.fields.map { list throws(UsageError) in try Self.fields(list) }
    filter = try options.displayFilter.map { text throws(UsageError) in try Self.filter(text) }
    guard filter != nil else { return }
    let others = [
      ("--stats", options.statistics != nil), ("--expert", options.listsFindings),
      ("--follow", options.follow != nil), ("--export-objects", options.exportFolder != nil),
      ("--export-streams", options.streamFolder != nil),
      ("--report", options.reportFile != nil), ("--quiz", options.asksQuestions),
    ]
    if let (name, _) = others.first(where: \.1) {
      throw UsageError(
        "--where chooses which packets are shown, and \(name) is about all of them; a capture filter "
          + "leaves packets out altogether")
    }
  }

  /// Somebody has to read fields of packets.
  var isNeeded: Bool { fields != nil || filter != nil }

  /// The fields of a list with commas.
  private static func fields(_ list: String) throws(UsageError) -> [PacketField] {
    var fields: [PacketField] = []
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(word)
      guard let field = PacketField.named(name) else { throw unknown(name) }
      fields.append(field)
    }
    return fields
  }

  private static func unknown(_ name: String) -> UsageError {
    UsageError("there is no field \(UsageError.quoted(name)); \(PacketField.advice(on: name))")
  }

  private static func filter(_ text: String) throws(UsageError) -> DisplayFilter {
    do throws(DisplayFilterError) {
      return try DisplayFilter(text, surroundings)
    } catch {
      throw UsageError("--where: \(error.message)", details: error.marked(in: text))
    }
  }

  private static var surroundings: DisplayFilter.Surroundings {
    DisplayFilter.Surroundings(
      pattern: { text throws(DisplayFilter.PatternError) in
        do throws(RegularExpressionError) {
          return Pattern(expression: try RegularExpression(text))
        } catch {
          throw DisplayFilter.PatternError("\(error)")
        }
      }, secondsEastOfUTC: { LocalTime.secondsEastOfUTC(at: $0) })
  }

  private struct Pattern: TextPattern {
    let expression: RegularExpression

    func isFound(in octets: Span<UInt8>) -> Bool { expression.isFound(in: octets) }
    var gaveUpCount: Int { expression.gaveUpCount }
  }

  /// Prints every field, what kind of value it has and its meaning, a line each; then what only filters
  /// can name.
  static func printList() -> SystemError? {
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    let width = PacketField.all.map { $0.name.utf8.count }.max() ?? 0
    for field in PacketField.all + PacketField.protocols {
      let start = output.text.count
      output.text.append(field.name)
      output.text.padRight(from: start, to: width + 2)
      let type = output.text.count
      output.text.append(field.type.keyword)
      output.text.padRight(from: type, to: 10)
      output.text.append(field.meaning)
      output.endLine()
    }
    output.flush()
    return output.failure
  }
}
