public import PacketWire

/// A walk through a tool's options, each of which is said to it once, in the order of the help.
///
/// An option has a letter after one dash (an ASCII letter or digit), a word after two, or both; a
/// placeholder (`COUNT`) if it takes a value; and its help, a phrase in lower case without a full stop.
public struct OptionWalk<Options>: ~Copyable {
  /// What the effects change.
  var options: Options
  /// What becomes of an option that is said.
  var guide: OptionGuide

  init(_ options: Options, _ purpose: OptionGuide.Purpose) {
    self.options = options
    guide = OptionGuide(purpose)
  }

  /// Options that belong together follow, up to the next group. The title has no colon.
  public mutating func group(_ title: String) { guide.group(title) }

  /// An option without a value. One that counts (`-t`, `-tt`, `-ttt`) adds to its property.
  public mutating func flag(
    _ letter: Unicode.Scalar?, _ name: String?, help: String, _ effect: (inout Options) -> Void
  ) {
    if guide.takes(letter, name, nil, help) { effect(&options) }
  }

  /// An option with any text as its value.
  public mutating func string(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String, help: String,
    _ effect: (inout Options, String) -> Void
  ) {
    if guide.takes(letter, name, placeholder, help) { effect(&options, guide.value) }
  }

  /// An option with a text as its value that may be wrong. What `effect` throws says what is wrong
  /// with it; the option's name is put before it.
  public mutating func text(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String, help: String,
    _ effect: (inout Options, String) throws(UsageError) -> Void
  ) {
    guard guide.takes(letter, name, placeholder, help) else { return }
    do { try effect(&options, guide.value) } catch { guide.failure = error }
  }

  /// An option with a whole number in decimal as its value.
  public mutating func integer<Value: FixedWidthInteger & Sendable>(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String,
    in range: ClosedRange<Value>, help: String, _ effect: (inout Options, Value) -> Void
  ) {
    text(letter, name, placeholder, help: help) { options, value throws(UsageError) in
      effect(&options, try NumberText.integer(value, in: range))
    }
  }

  /// An option with a length of time in seconds as its value, exact to the nanosecond.
  public mutating func seconds(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String = "SECONDS",
    in range: ClosedRange<Nanoseconds>, help: String,
    _ effect: (inout Options, Nanoseconds) -> Void
  ) {
    text(letter, name, placeholder, help: help) { options, value throws(UsageError) in
      effect(&options, try NumberText.seconds(value, in: range))
    }
  }

  /// An option with a decimal number as its value.
  public mutating func decimal(
    _ letter: Unicode.Scalar?, _ name: String?, _ placeholder: String,
    in range: ClosedRange<Double>, help: String, _ effect: (inout Options, Double) -> Void
  ) {
    text(letter, name, placeholder, help: help) { options, value throws(UsageError) in
      effect(&options, try NumberText.decimal(value, in: range))
    }
  }
}
