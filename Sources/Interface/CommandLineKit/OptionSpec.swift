/// How one option is spelled, and what the help says about it.
public struct OptionDescription: Hashable, Sendable {
  /// The letter after one dash, an ASCII letter or digit.
  public var letter: Unicode.Scalar?
  /// The word after two dashes.
  public var name: String?
  /// What the help calls the value (`COUNT`); nil for an option without one.
  public var placeholder: String?
  /// What it does: a phrase in lower case without a full stop.
  public var help: String

  /// A description with its spellings, of which there is at least one.
  public init(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String? = nil, help: String
  ) {
    (self.letter, self.name, self.placeholder, self.help) = (letter, name, placeholder, help)
  }
}

/// One option of a tool whose choices are kept in `Options`: what it is, and what it does.
public struct OptionSpec<Options>: Sendable {
  /// Changes the options. The value is there exactly when the option has a placeholder. What it throws
  /// says what is wrong with the value; the option's name is put before it.
  public typealias Application =
    @Sendable (_ options: inout Options, _ value: String?) throws(UsageError) -> Void

  /// How it is spelled and explained.
  public var description: OptionDescription
  /// What it does to the options.
  public var apply: Application

  /// An option with an effect of its own; the makers cover the common ones.
  @inlinable
  public init(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String? = nil, help: String,
    apply: @escaping Application
  ) {
    description = OptionDescription(letter, name, placeholder, help: help)
    self.apply = apply
  }
}

/// Options that belong together in the help.
public struct OptionGroup<Options>: Sendable {
  /// The heading, without a colon.
  public var title: String
  /// The options in the order of the help.
  public var options: [OptionSpec<Options>]

  /// A group with its heading.
  @inlinable
  public init(_ title: String, _ options: [OptionSpec<Options>]) {
    (self.title, self.options) = (title, options)
  }
}
