public import PacketWire

/// Lines that wait, in order, for the names that they mention; never for long.
///
/// A name is looked up beside the measurement, never in it. Without this the first line of a run
/// would show a bare address and the second one a name, by chance.
public struct NameGate<Line: Sendable>: Sendable {
  /// How long a line may be held for a name.
  public static var patience: Nanoseconds { .milliseconds(300) }
  /// How many lines are held at most; more than that and they go out with bare addresses.
  static var capacity: Int { 256 }

  private struct Held: Sendable {
    var line: Line
    var addresses: [IPAddress]
    var until: MonotonicInstant
  }

  private var held: [Held] = []
  private let patience: Nanoseconds

  /// An empty gate that holds lines for so long at most.
  public init(patience: Nanoseconds = Self.patience) { self.patience = patience }

  /// Adds a line that mentions `addresses`.
  public mutating func add(
    _ line: Line, mentioning addresses: [IPAddress], at now: MonotonicInstant
  ) {
    held.append(Held(line: line, addresses: addresses, until: now + patience))
  }

  /// The lines that may go out, in order: those whose names are settled or whose time is up.
  public mutating func release(
    at now: MonotonicInstant, isSettled: (IPAddress) -> Bool
  ) -> [Line] {
    let ready = held.prefix { line in
      line.until <= now || held.count > Self.capacity || line.addresses.allSatisfy(isSettled)
    }
    let lines = ready.map(\.line)
    held.removeFirst(lines.count)
    return lines
  }

  /// All lines, whatever is known.
  public mutating func releaseAll() -> [Line] {
    defer { held.removeAll() }
    return held.map(\.line)
  }

  /// When to look again.
  public var wakeAt: MonotonicInstant? { held.first?.until }
}
