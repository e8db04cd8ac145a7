public import PacketWire

// The effects are closures and not key paths: making a key path costs 20 µs when a tool starts, and
// a tool has dozens of options.

extension OptionSpec {
  /// An option without a value. One that counts (`-t`, `-tt`, `-ttt`) adds to its property.
  public static func flag(
    _ letter: Unicode.Scalar?, _ name: String?, help: String,
    _ effect: @escaping @Sendable (inout Options) -> Void
  ) -> Self {
    Self(letter, name, help: help) { options, _ in effect(&options) }
  }

  /// An option with any text as its value.
  public static func string(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String, help: String,
    _ effect: @escaping @Sendable (inout Options, String) -> Void
  ) -> Self {
    Self(letter, name, placeholder, help: help) { options, value in effect(&options, value ?? "") }
  }

  /// An option with a whole number in decimal as its value.
  public static func integer<Value: FixedWidthInteger & Sendable>(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String,
    in range: ClosedRange<Value>, help: String,
    _ effect: @escaping @Sendable (inout Options, Value) -> Void
  ) -> Self {
    Self(letter, name, placeholder, help: help) { options, value throws(UsageError) in
      effect(&options, try NumberText.integer(value ?? "", in: range))
    }
  }

  /// An option with a length of time in seconds as its value, exact to the nanosecond.
  public static func seconds(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String = "SECONDS",
    in range: ClosedRange<Nanoseconds>, help: String,
    _ effect: @escaping @Sendable (inout Options, Nanoseconds) -> Void
  ) -> Self {
    Self(letter, name, placeholder, help: help) { options, value throws(UsageError) in
      effect(&options, try NumberText.seconds(value ?? "", in: range))
    }
  }

  /// An option with a decimal number as its value.
  public static func decimal(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String,
    in range: ClosedRange<Double>, help: String,
    _ effect: @escaping @Sendable (inout Options, Double) -> Void
  ) -> Self {
    Self(letter, name, placeholder, help: help) { options, value throws(UsageError) in
      effect(&options, try NumberText.decimal(value ?? "", in: range))
    }
  }
}
