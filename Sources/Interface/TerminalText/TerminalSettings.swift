import LinuxSystem

/// How one stream is to be written: to a terminal or not, how wide, with colour or without.
public struct TerminalSettings: Hashable, Sendable {
  /// A person watches.
  public var isTerminal: Bool
  /// The width of a line, at least 1.
  public var columns: Int
  /// Colours or none.
  public var style: TerminalStyle

  /// What is assumed when neither the terminal nor COLUMNS says how wide it is.
  public static let defaultColumns = 80

  /// Settings that are known.
  public init(isTerminal: Bool, columns: Int = defaultColumns, style: TerminalStyle = .plain) {
    (self.isTerminal, self.columns, self.style) = (isTerminal, max(columns, 1), style)
  }

  /// Settings that follow from the facts, each given as a value.
  ///
  /// In this order: NO_COLOR, not empty, means plain (no-color.org); CLICOLOR_FORCE, neither empty nor
  /// `0`, means colours even in a file (bixense.com/clicolors); then colours are for terminals whose
  /// TERM is set and is not `dumb`.
  public init(isTerminal: Bool, windowColumns: Int?, environment: (String) -> String?) {
    self.init(
      isTerminal: isTerminal,
      columns: windowColumns ?? Self.columns(from: environment("COLUMNS")) ?? Self.defaultColumns,
      style: Self.wantsColour(isTerminal: isTerminal, environment) ? .coloured : .plain)
  }

  /// The settings of an open descriptor. The environment is ignored in a program that was started with
  /// more rights than its user has.
  public static func current(of descriptor: CInt) -> TerminalSettings {
    TerminalSettings(
      isTerminal: StandardStream.isTerminal(descriptor),
      windowColumns: Terminal.columns(of: descriptor), environment: Privileges.environment)
  }

  /// The user's locale shows more than ASCII: the first of LC_ALL, LC_CTYPE and LANG that is not empty
  /// names UTF-8 (POSIX.1-2017 base definitions §8.2).
  public static func showsUnicode(environment: (String) -> String?) -> Bool {
    let locales = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment($0) }
    guard let locale = locales.first(where: { !$0.isEmpty })?.lowercased() else { return false }
    // language_TERRITORY.codeset@modifier, of which some terminals hand on the codeset alone.
    let codeset = locale.prefix { $0 != "@" }.split(separator: ".").last ?? ""
    return ["utf-8", "utf8"].contains(codeset)
  }

  /// The same for this program's own environment.
  public static var showsUnicode: Bool { showsUnicode(environment: Privileges.environment) }

  /// COLUMNS counts only as a whole number that a window can have.
  private static func columns(from text: String?) -> Int? {
    text.flatMap { Int($0) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
  }

  private static func wantsColour(isTerminal: Bool, _ environment: (String) -> String?) -> Bool {
    if let refused = environment("NO_COLOR"), !refused.isEmpty { return false }
    if let forced = environment("CLICOLOR_FORCE"), !forced.isEmpty, forced != "0" { return true }
    guard isTerminal, let kind = environment("TERM") else { return false }
    return !kind.isEmpty && kind != "dumb"
  }
}
