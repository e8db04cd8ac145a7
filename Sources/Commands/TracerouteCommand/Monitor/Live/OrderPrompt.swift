/// A line in which the order of fields is typed.
struct OrderPrompt: Hashable {
  /// What stands there.
  private(set) var text: String

  /// What a key led to.
  enum Outcome: Hashable {
    /// More is to be typed.
    case typing
    /// This order is to be; nil is the usual one.
    case chosen(FieldOrder?)
    /// All is to be as it was.
    case left
  }

  init(_ order: FieldOrder?) { text = (order ?? .usual).text }

  /// Takes in what was typed. Whatever is no field's letter changes nothing.
  mutating func take(_ key: UInt8) -> Outcome {
    switch key {
    case 0x0a, 0x0d: return .chosen(try? FieldOrder(argument: text))
    case 0x1b: return .left
    case 0x08, 0x7f: _ = text.popLast()
    case 0x15: text = ""
    default:
      guard text.count < FieldOrder.limit, let field = MonitorField(typed: key) else { break }
      text.append(field.rawValue)
    }
    return .typing
  }

  /// What can be typed, a line a letter.
  static let help =
    [""]
    + MonitorField.allCases.map { field in
      "  \(field == .blank ? "blank" : "\(field.rawValue)    ") "
        + RouteTable.padded(field == .blank ? "" : field.heading, to: 7) + field.meaning
    }

  /// The line itself.
  var line: String { "Fields: \(text)_" }
  static let keys =
    "Enter: so   Enter on nothing: as usual   Backspace, Control-U: erase   Escape: leave"
}
