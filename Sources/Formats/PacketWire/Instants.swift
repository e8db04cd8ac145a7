// A type for each clock: a difference between two of them would jump whenever one is set.

/// A time since some fixed point of the running system (CLOCK_MONOTONIC, or a simulation's clock).
public struct MonotonicInstant: Hashable, Sendable, Comparable {
  /// Nanoseconds since the clock's own origin.
  public var nanoseconds: Int64

  /// `nanoseconds` after the clock's origin.
  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Earlier is less.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}

/// A time of day (CLOCK_REALTIME, capture stamps, kernel packet stamps).
public struct WallInstant: Hashable, Sendable, Comparable {
  /// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public var nanoseconds: Int64

  /// `nanoseconds` after 1970-01-01T00:00:00Z.
  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Earlier is less.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}

/// A time by the clock of a network card. It may be of any epoch, and set at any time: only the difference
/// between two stamps of one card tells something.
public struct CardInstant: Hashable, Sendable {
  /// Nanoseconds since the clock's own origin.
  public var nanoseconds: Int64

  /// `nanoseconds` after the clock's origin.
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The time from `right` to `left`; wrong by the size of any step of the clock in between.
  public static func - (left: Self, right: Self) -> Nanoseconds {
    Nanoseconds(left.nanoseconds &- right.nanoseconds)
  }
}

/// A signed length of time in nanoseconds, from any clock.
public struct Nanoseconds: Hashable, Sendable, Comparable {
  /// The count.
  public var count: Int64

  /// A length of `count` nanoseconds.
  @inlinable
  public init(_ count: Int64) { self.count = count }

  /// No time at all.
  public static let zero = Nanoseconds(0)

  /// A whole number of milliseconds.
  public static func milliseconds(_ count: Int64) -> Self { Self(count * 1_000_000) }
  /// A whole number of seconds.
  public static func seconds(_ count: Int64) -> Self { Self(count * 1_000_000_000) }

  /// Shorter is less.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.count < right.count }
  /// The sum; wraps only after 292 years.
  @inlinable
  public static func + (left: Self, right: Self) -> Self { Self(left.count &+ right.count) }
  /// The difference.
  @inlinable
  public static func - (left: Self, right: Self) -> Self { Self(left.count &- right.count) }
}

extension MonotonicInstant {
  /// The time from `right` to `left`.
  @inlinable
  public static func - (left: Self, right: Self) -> Nanoseconds {
    Nanoseconds(left.nanoseconds &- right.nanoseconds)
  }
  /// The instant `right` after `left`.
  @inlinable
  public static func + (left: Self, right: Nanoseconds) -> Self {
    Self(nanoseconds: left.nanoseconds &+ right.count)
  }
}

extension WallInstant {
  /// The time from `right` to `left`; wrong by the size of any step of the clock in between.
  @inlinable
  public static func - (left: Self, right: Self) -> Nanoseconds {
    Nanoseconds(left.nanoseconds &- right.nanoseconds)
  }
  /// The instant `right` after `left`.
  @inlinable
  public static func + (left: Self, right: Nanoseconds) -> Self {
    Self(nanoseconds: left.nanoseconds &+ right.count)
  }
}
