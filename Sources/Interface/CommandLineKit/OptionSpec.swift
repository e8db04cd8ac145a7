/// One option: how it is spelled, what the help says about it, and what it does.
public struct OptionSpec<Options>: Sendable {
  /// Changes the options. The value is there exactly when the option has a placeholder. What it throws
  /// says what is wrong with the value; the option's name is put before it.
  public typealias Application =
    @Sendable (_ options: inout Options, _ value: String?) throws(UsageError) -> Void

  /// Where the makers put a value: `\.count`.
  public typealias Property<Value> = any WritableKeyPath<Options, Value> & Sendable

  /// The letter after one dash, an ASCII letter or digit.
  public var letter: Unicode.Scalar?
  /// The word after two dashes.
  public var name: String?
  /// What the help calls the value (`COUNT`); nil for an option without one.
  public var placeholder: String?
  /// What it does, as the help says it: a phrase in lower case without a full stop.
  public var help: String
  /// What it does to the options.
  public var apply: Application

  /// An option with an effect of its own; the makers cover the common ones.
  public init(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String? = nil, help: String,
    apply: @escaping Application
  ) {
    (self.letter, self.name, self.placeholder) = (letter, name, placeholder)
    (self.help, self.apply) = (help, apply)
  }
}

/// Options that belong together in the help.
public struct OptionGroup<Options>: Sendable {
  /// The heading, without a colon.
  public var title: String
  /// The options in the order of the help.
  public var options: [OptionSpec<Options>]

  /// A group with its heading.
  public init(_ title: String, _ options: [OptionSpec<Options>]) {
    (self.title, self.options) = (title, options)
  }
}
