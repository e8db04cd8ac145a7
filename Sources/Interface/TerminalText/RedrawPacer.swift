public import PacketWire

/// When a picture on a terminal is drawn anew: when something has changed, and not sooner than a tenth
/// of a second after the last time, so that a flood of changes costs no more than a few.
public struct RedrawPacer: Hashable, Sendable {
  /// The least time between two pictures.
  public static let pause = Nanoseconds.milliseconds(100)

  private var drawnAt: MonotonicInstant?
  private var hasChanged = true

  /// A picture that was not drawn yet.
  public init() {}

  /// Something has changed.
  public mutating func change() { hasChanged = true }

  /// When to draw it; nil where nothing has changed.
  public var dueAt: MonotonicInstant? {
    guard hasChanged else { return nil }
    return drawnAt.map { $0 + Self.pause } ?? MonotonicInstant(nanoseconds: 0)
  }

  /// Whether to draw it now.
  public func isDue(at now: MonotonicInstant) -> Bool { dueAt.map { $0 <= now } ?? false }

  /// It was drawn.
  public mutating func drawn(at now: MonotonicInstant) { (drawnAt, hasChanged) = (now, false) }
}
