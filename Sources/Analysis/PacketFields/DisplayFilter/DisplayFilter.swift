public import PacketWire

/// A display filter, in tshark's language (wireshark-filter(4), Wireshark 4.0), read once and asked of
/// each packet.
///
/// What a packet is asked may depend on packets before it, such as the number of its conversation: a
/// filter is to see all of them.
public struct DisplayFilter: Sendable {
  /// What filters need and this module does not have.
  public struct Surroundings: Sendable {
    /// Makes a pattern of a regular expression; throws a message where it is none.
    var pattern: @Sendable (String) throws(PatternError) -> any TextPattern
    /// How far the clock is ahead of UTC at a time, for times without a zone.
    var secondsEastOfUTC: @Sendable (WallInstant) -> Int

    /// Surroundings with a library and a clock. Where nobody says another, `matches` is refused, since
    /// nothing here reads regular expressions, and a time without a zone is of UTC.
    public init(
      pattern: @escaping @Sendable (String) throws(PatternError) -> any TextPattern = {
        _ throws(PatternError) in throw PatternError("this program reads none")
      },
      secondsEastOfUTC: @escaping @Sendable (WallInstant) -> Int = { _ in 0 }
    ) {
      (self.pattern, self.secondsEastOfUTC) = (pattern, secondsEastOfUTC)
    }
  }

  /// Why an expression is no regular expression.
  public struct PatternError: Error, Hashable, Sendable {
    /// What is wrong.
    public var message: String

    /// An error with its message.
    public init(_ message: String) { self.message = message }
  }

  /// As it was typed.
  public let expression: String
  let test: FilterTest
  let fields: [FilterField]
  private let patterns: [any TextPattern]

  /// Reads an expression.
  ///
  /// - Throws: where it is none: what is wrong, and where.
  public init(
    _ expression: String, _ surroundings: Surroundings = Surroundings()
  ) throws(DisplayFilterError) {
    self.expression = expression
    var parser = try FilterParser(expression, surroundings)
    test = try parser.parse()
    (fields, patterns) = (parser.fields, parser.patterns)
  }

  /// Searches for regular expressions that were given up, and count as having found nothing.
  public var gaveUpCount: Int { patterns.reduce(0) { $0 + $1.gaveUpCount } }
}
