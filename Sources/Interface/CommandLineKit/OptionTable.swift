/// All that a tool's command line can say, in one place: it is parsed and explained from here.
///
/// A tool makes its table at each start, so whatever does not depend on `Options` is done in
/// `ToolDescription`, which is not generic: the runtime has less to prepare.
public struct OptionTable<Options>: Sendable {
  /// What can be said.
  public let description: ToolDescription
  /// What the options do, in the order of the help, without `--help` and `--version`.
  @usableFromInline let effects: [OptionSpec<Options>.Application]

  /// A table; `-h`, `--help`, `-V` and `--version` are added, each letter unless an option already has
  /// it. No two options share a spelling.
  @inlinable
  public init(
    tool: String, usage: [String], summary: String, groups: [OptionGroup<Options>],
    examples: [UsageExample] = [], exitCodes: [ExitCodeMeaning] = [],
    stopsAtFirstOperand: Bool = false
  ) {
    var description = ToolDescription(
      tool, usage, summary, examples, exitCodes, stopsAtFirstOperand: stopsAtFirstOperand)
    var effects: [OptionSpec<Options>.Application] = []
    for group in groups {
      var options: [OptionDescription] = []
      for option in group.options {
        options.append(option.description)
        effects.append(option.apply)
      }
      description.append(group.title, options)
    }
    description.appendStandardOptions()
    self.description = description
    self.effects = effects
  }

  /// The help for a terminal of `columns` columns (at least 40 are assumed), with its last newline.
  public func help(columns: Int) -> String { description.help(columns: columns) }

  /// The text of `--version`, with its newline.
  public var versionText: String { "\(description.tool) (Wirewalk) \(SuiteVersion.text)\n" }

  /// Reads a command line without the tool's own name. Options take effect in the order in which they
  /// were typed; `--help` and `--version` end the reading. On an error `options` is as it was.
  @inlinable
  public func parse(
    _ arguments: [String], into options: inout Options
  ) throws(UsageError) -> ParsedArguments {
    let (chosen, parsed) = try description.read(arguments)
    var changed = options
    for option in chosen {
      do {
        try effects[option.index](&changed, option.value)
      } catch {
        throw UsageError("option '\(option.spelling)': \(error.message)")
      }
    }
    options = changed
    return parsed
  }
}
