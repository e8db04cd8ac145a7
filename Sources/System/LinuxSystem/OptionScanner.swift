import CLinux
import Synchronization

/// One option as the command line can spell it.
public struct OptionDeclaration: Hashable, Sendable {
  /// The letter after one dash: an ASCII letter or digit.
  public var letter: Unicode.Scalar?
  /// The word after two dashes.
  public var name: String?
  /// A value follows.
  public var takesValue: Bool

  /// An option with at least one spelling.
  public init(letter: Unicode.Scalar?, name: String?, takesValue: Bool) {
    precondition(letter != nil || name != nil, "an option needs a letter or a name")
    (self.letter, self.name, self.takesValue) = (letter, name, takesValue)
  }
}

/// Where options may stand.
public enum OptionOrder: Hashable, Sendable {
  /// Anywhere before `--`.
  case permute
  /// Before the first operand; what follows belongs to another command.
  case stopAtFirstOperand
}

/// One step through a command line. `index` counts the declarations; `spelling` is the declared one
/// with its dashes.
public enum ScannedArgument: Hashable, Sendable {
  case option(index: Int, spelling: String, value: String?)
  case operand(String)
  case unknown(String)
  case ambiguous(String, candidates: [String])
  case missingValue(spelling: String)
  case unexpectedValue(spelling: String)
}

/// A command line cut into options and operands.
public struct ScannedArguments: Hashable, Sendable {
  /// Options, operands and errors in the order in which they were typed.
  public var arguments: [ScannedArgument]
  /// What follows `--`; nil without a `--`.
  public var afterDoubleDash: [String]?
}

/// Cuts a command line by the rules of the C library, abbreviated names included. The corresponding C
/// call is `getopt_long`.
public struct OptionScanner: Sendable {
  /// What can be recognised.
  public let declarations: [OptionDeclaration]
  /// Where options may stand.
  public let order: OptionOrder

  /// getopt_long keeps its place in global variables.
  private static let turn = Mutex<Void>(())

  /// A scanner for these options.
  public init(_ declarations: [OptionDeclaration], order: OptionOrder) {
    (self.declarations, self.order) = (declarations, order)
  }

  /// Cuts `arguments`, which begin after the tool's own name. Nothing is printed.
  public func scan(_ arguments: [String]) -> ScannedArguments {
    let words = CStringArray(["tool"] + arguments)
    // `-` hands operands out in their place, `+` stops at the first one; both also make getopt_long
    // ignore POSIXLY_CORRECT. `:` tells a missing value from an unknown option.
    let table = OptionNameTable(declarations, letters: order == .permute ? "-:" : "+:")
    return withExtendedLifetime(words) {
      withExtendedLifetime(table) {
        Self.turn.withLock { _ in
          clinux_option_restart()
          return unsafe collect(arguments) {
            unsafe clinux_option_next(
              CInt(arguments.count + 1), words.pointers, table.letters, table.entries)
          }
        }
      }
    }
  }

  /// Takes steps until the options are over.
  private func collect(
    _ arguments: [String], step: () -> clinux_option_step
  ) -> ScannedArguments {
    var result = ScannedArguments(arguments: [], afterDoubleDash: nil)
    var place = 1
    while true {
      let step = unsafe step()
      let next = unsafe Int(step.next)
      if unsafe step.code == -1 {
        finish(&result, arguments, place: place, next: next)
        return result
      }
      let value = unsafe step.value.map { unsafe String(cString: $0) }
      result.arguments.append(
        describe(
          code: unsafe step.code, refused: unsafe step.refused, value: value,
          word: arguments[place - 1]))
      place = next
    }
  }

  /// The end of the options: at a `--`, at the first operand, or at the end of the line. Only a `--`
  /// makes getopt_long step over a word without reporting it.
  private func finish(
    _ result: inout ScannedArguments, _ arguments: [String], place: Int, next: Int
  ) {
    let rest = Array(arguments.dropFirst(next - 1))
    if next > place {
      result.afterDoubleDash = rest
    } else {
      result.arguments += rest.map { .operand($0) }
    }
  }

  private func describe(
    code: CInt, refused: CInt, value: String?, word: String
  ) -> ScannedArgument {
    switch code {
    case 1:
      return .operand(value ?? "")
    case CInt(UInt8(ascii: ":")):
      return .missingValue(spelling: declared(refused)?.spelling ?? word)
    case CInt(UInt8(ascii: "?")):
      if let (_, spelling) = declared(refused) { return .unexpectedValue(spelling: spelling) }
      return unknown(word, letter: refused)
    default:
      guard let (index, spelling) = declared(code) else { return .unknown(word) }
      return .option(index: index, spelling: spelling, value: value)
    }
  }

  /// The option with this letter, or the one that this number of a name stands for.
  private func declared(_ code: CInt) -> (index: Int, spelling: String)? {
    if code >= OptionNameTable.firstCode {
      let index = Int(code - OptionNameTable.firstCode)
      guard declarations.indices.contains(index) else { return nil }
      return declarations[index].name.map { (index, "--\($0)") }
    }
    let index = declarations.firstIndex { $0.letter.map { CInt($0.value) } == code }
    return index.flatMap { index in declarations[index].letter.map { (index, "-\($0)") } }
  }

  /// getopt_long names an unknown letter, but neither an unknown nor an ambiguous name.
  private func unknown(_ word: String, letter: CInt) -> ScannedArgument {
    guard letter == 0 else {
      // One octet of a longer UTF-8 sequence is no letter that could be shown.
      guard let letter = UInt8(exactly: letter), (0x21...0x7e).contains(letter) else {
        return .unknown(word)
      }
      return .unknown("-\(Unicode.Scalar(letter))")
    }
    let typed = word.prefix { $0 != "=" }
    let candidates = declarations.compactMap { $0.name }.map { "--\($0)" }.filter {
      $0.hasPrefix(typed)
    }
    return candidates.count > 1
      ? .ambiguous(String(typed), candidates: candidates) : .unknown(String(typed))
  }
}
