import CommandLineKit
import LinuxSystem
import PacketFields
import PacketText
import TerminalText

/// What `--fields` asks for.
enum FieldChoice {
  /// The word that asks which fields there are.
  static let help = "help"

  /// The fields of a list with commas.
  static func fields(_ list: String) throws(UsageError) -> [PacketField] {
    var fields: [PacketField] = []
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(word)
      guard let field = PacketField.named(name) else { throw unknown(name) }
      fields.append(field)
    }
    return fields
  }

  private static func unknown(_ name: String) -> UsageError {
    let near = PacketField.near(name).map { "'\($0.name)'" }.joined(separator: ", ")
    let advice = near.isEmpty ? "--fields \(help) lists them all" : "near it: \(near)"
    return UsageError("there is no field \(UsageError.quoted(name)); \(advice)")
  }

  /// Prints every field and its meaning, a line each.
  static func printList() -> SystemError? {
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    let width = PacketField.all.map { $0.name.utf8.count }.max() ?? 0
    for field in PacketField.all {
      let start = output.text.count
      output.text.append(field.name)
      output.text.padRight(from: start, to: width + 2)
      output.text.append(field.meaning)
      output.endLine()
    }
    output.flush()
    return output.failure
  }
}
