import LinuxSystem
import PacketText
import TerminalText

/// What becomes of an option that is said in a walk. Not generic, so that there is one of it.
struct OptionGuide: ~Copyable {
  /// What a walk is for.
  enum Purpose {
    /// Learns how the options are spelled.
    case declaring
    /// Lets one option take effect.
    case applying(index: Int, value: String?)
    /// Learns that too, and finds the widest spelling.
    case measuring
    /// Appends the options to the help.
    case printing(HelpLayout)
  }

  private var purpose: Purpose
  /// How many options were said.
  private var said = 0
  /// What was learned.
  private(set) var declarations: [OptionDeclaration] = []
  /// The widest spelling, in columns of a terminal.
  private(set) var widest = 0
  /// The help.
  var help = TextBuffer(capacity: 0)
  /// What was wrong with the value of the option that was to take effect.
  var failure: UsageError?

  /// The start of a walk.
  init(_ purpose: Purpose) {
    self.purpose = purpose
    // As many as the largest tool has: an array that grows touches pages of memory anew each time.
    declarations.reserveCapacity(128)
  }

  /// The start of another walk.
  mutating func begin(_ purpose: Purpose) { (self.purpose, said) = (purpose, 0) }

  /// The value of the option that takes effect.
  var value: String {
    if case .applying(_, let value?) = purpose { value } else { "" }
  }

  /// Begins a group.
  mutating func group(_ title: String) {
    if case .printing = purpose { help.appendHeading(title) }
  }

  /// Hears of an option. Returns whether it is to take effect.
  mutating func takes(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String?, _ explanation: String
  ) -> Bool {
    defer { said += 1 }
    let spelling = OptionSpelling(letter: letter, name: name, placeholder: placeholder)
    switch purpose {
    case .applying(let index, _): return index == said
    case .declaring:
      declare(letter, name, takesValue: placeholder != nil)
    case .measuring:
      declare(letter, name, takesValue: placeholder != nil)
      widest = max(widest, spelling.columns)
    case .printing(let layout): layout.append(spelling, explanation, to: &help)
    }
    return false
  }

  private mutating func declare(_ letter: Unicode.Scalar?, _ name: String?, takesValue: Bool) {
    assert(
      !declarations.contains {
        (letter != nil && $0.letter == letter) || (name != nil && $0.name == name)
      }, "two options share a spelling: \(letter?.description ?? "") \(name ?? "")")
    declarations.append(OptionDeclaration(letter: letter, name: name, takesValue: takesValue))
  }

  /// The options that every tool has, each without its letter where the tool has another use for it.
  mutating func sayStandardOptions() {
    group("Help")
    say("h", "help", "show this help and end")
    say("V", "version", "show the version and end")
  }

  private mutating func say(
    _ letter: Unicode.Scalar, _ name: String, _ explanation: String
  ) {
    let isTaken = declarations.contains { $0.letter == letter && $0.name != name }
    _ = takes(isTaken ? nil : letter, name, nil, explanation)
  }
}

/// The options that every tool has, in the order in which they follow its own.
enum StandardOption: Int {
  case help
  case version
}

/// How an option is spelled in the help.
struct OptionSpelling {
  let letter: Unicode.Scalar?
  let name: String?
  let placeholder: String?

  /// Appends `  -c, --count COUNT`, with the names below each other also where there is no letter.
  func append(to text: inout TextBuffer) {
    text.append(letter == nil ? "    " : "  -")
    if let letter { text.append(octet: UInt8(truncatingIfNeeded: letter.value)) }
    if let name {
      text.append(letter == nil ? "  --" : ", --")
      text.append(name)
    }
    if let placeholder {
      text.append(octet: 0x20)
      text.append(placeholder)
    }
  }

  /// How wide that is on a terminal.
  var columns: Int {
    var columns = 4
    if let name { columns += 4 + DisplayWidth.columns(of: name) }
    if let placeholder { columns += 1 + DisplayWidth.columns(of: placeholder) }
    return columns
  }
}
