import PacketWire

/// How long before an instant a loop has to wake in order to be there in time, learned from how late
/// the kernel woke it before: a processor that sleeps deeply takes a tenth of a millisecond to come back,
/// one that is busy next to nothing. What is left of the margin is spent awake.
struct WakeMargin: Sendable {
  /// More than this is not spent awake: it would be somebody else's time.
  static let most = Nanoseconds(150_000)

  /// The margin.
  private(set) var value = Nanoseconds(50_000)

  /// The kernel woke us so long after the instant that was asked for.
  mutating func noteLateness(_ lateness: Nanoseconds) {
    // A quarter more, so that the next one is likely in time too.
    let wanted = Nanoseconds(lateness.count + lateness.count / 4)
    if wanted > value { value = min(wanted, Self.most) }
  }

  /// Something was done in time. The margin shrinks, so that it follows a processor that gets busier.
  mutating func noteSuccess() { value = Nanoseconds(value.count - value.count / 64) }
}
