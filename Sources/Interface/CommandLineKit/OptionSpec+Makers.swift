public import PacketWire

extension OptionSpec {
  /// An option without a value that says yes.
  public static func flag(
    _ letter: Unicode.Scalar?, _ name: String?,
    sets path: Property<Bool>,
    help: String
  ) -> Self {
    flag(letter, name, sets: path, to: true, help: help)
  }

  /// An option without a value that chooses `choice`; of several for one property the last one holds.
  public static func flag<Value: Sendable>(
    _ letter: Unicode.Scalar?, _ name: String?,
    sets path: Property<Value>, to choice: Value, help: String
  ) -> Self {
    Self(letter, name, help: help) { options, _ in options[keyPath: path] = choice }
  }

  /// An option without a value that is counted: `-t`, `-tt`, `-ttt`.
  public static func repeatedFlag(
    _ letter: Unicode.Scalar?, _ name: String?,
    counts path: Property<Int>, help: String
  ) -> Self {
    Self(letter, name, help: help) { options, _ in options[keyPath: path] += 1 }
  }

  /// An option with any text as its value.
  public static func string(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String,
    sets path: Property<String?>, help: String
  ) -> Self {
    Self(letter, name, placeholder, help: help) { options, value in
      options[keyPath: path] = value
    }
  }

  /// An option with a whole number in decimal as its value.
  public static func integer<Value: FixedWidthInteger & Sendable>(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String,
    in range: ClosedRange<Value>, sets path: Property<Value>,
    help: String
  ) -> Self {
    Self(letter, name, placeholder, help: help) { options, value throws(UsageError) in
      options[keyPath: path] = try NumberText.integer(value ?? "", in: range)
    }
  }

  /// An option with a whole number in decimal as its value, for a property that is nil without it.
  public static func integer<Value: FixedWidthInteger & Sendable>(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String,
    in range: ClosedRange<Value>, sets path: Property<Value?>,
    help: String
  ) -> Self {
    Self(letter, name, placeholder, help: help) { options, value throws(UsageError) in
      options[keyPath: path] = try NumberText.integer(value ?? "", in: range)
    }
  }

  /// An option with a length of time in seconds as its value, exact to the nanosecond.
  public static func seconds(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String = "SECONDS",
    in range: ClosedRange<Nanoseconds>, sets path: Property<Nanoseconds>,
    help: String
  ) -> Self {
    Self(letter, name, placeholder, help: help) { options, value throws(UsageError) in
      options[keyPath: path] = try NumberText.seconds(value ?? "", in: range)
    }
  }

  /// An option with a length of time in seconds as its value, for a property that is nil without it.
  public static func seconds(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String = "SECONDS",
    in range: ClosedRange<Nanoseconds>,
    sets path: Property<Nanoseconds?>, help: String
  ) -> Self {
    Self(letter, name, placeholder, help: help) { options, value throws(UsageError) in
      options[keyPath: path] = try NumberText.seconds(value ?? "", in: range)
    }
  }

  /// An option with a decimal number as its value.
  public static func decimal(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String,
    in range: ClosedRange<Double>, sets path: Property<Double>,
    help: String
  ) -> Self {
    Self(letter, name, placeholder, help: help) { options, value throws(UsageError) in
      options[keyPath: path] = try NumberText.decimal(value ?? "", in: range)
    }
  }
}
