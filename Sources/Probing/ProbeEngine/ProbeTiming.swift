public import PacketWire

/// Both clocks, read together.
public struct ClockSample: Hashable, Sendable {
  /// What intervals are measured with.
  public var monotonic: MonotonicInstant
  /// What the kernel stamps packets with.
  public var wall: WallInstant

  /// A reading of both clocks.
  public init(monotonic: MonotonicInstant, wall: WallInstant) {
    (self.monotonic, self.wall) = (monotonic, wall)
  }

  /// Wall minus monotonic: constant until somebody sets or slews the wall clock.
  var offset: Int64 { wall.nanoseconds &- monotonic.nanoseconds }
}

/// When a packet came in.
public struct Arrival: Hashable, Sendable {
  /// The clocks as the program read the packet.
  public var clock: ClockSample
  /// When the kernel had it, if the kernel says so.
  public var kernelStamp: WallInstant?
  /// When the network card had it, if the card says so.
  public var cardStamp: CardInstant?

  /// An arrival from its fields.
  public init(
    clock: ClockSample, kernelStamp: WallInstant? = nil, cardStamp: CardInstant? = nil
  ) {
    (self.clock, self.kernelStamp, self.cardStamp) = (clock, kernelStamp, cardStamp)
  }
}

/// When a probe went out.
public struct ProbeTiming: Hashable, Sendable {
  /// The clocks just before the program handed it to the kernel.
  public var clock: ClockSample
  /// When it entered the queue of the interface, if the kernel says so.
  public var kernelStamp: WallInstant?
  /// When it left that queue for the network device, if the kernel says so.
  public var deviceStamp: WallInstant?
  /// When it left the network card, if the card says so.
  public var cardStamp: CardInstant?

  /// A departure from its fields.
  public init(
    clock: ClockSample, kernelStamp: WallInstant? = nil, deviceStamp: WallInstant? = nil
  ) {
    (self.clock, self.kernelStamp, self.deviceStamp) = (clock, kernelStamp, deviceStamp)
  }

  /// How long the answer that came as `arrival` took.
  ///
  /// Between two stamps of the network card where there are both. The card's clock may be of any epoch and be
  /// set at any time; so the two count only if the time between them fits into that which software saw,
  /// and otherwise `softwareRoundTrip` does.
  public func roundTrip(to arrival: Arrival) -> RoundTripTime {
    var roundTrip = softwareRoundTrip(to: arrival)
    guard let departed = cardStamp, let arrived = arrival.cardStamp else { return roundTrip }
    let between = arrived - departed
    // Its pace may differ by 500 ppm at the most (clock_adjtime(2)).
    let longest = roundTrip.duration.count + roundTrip.duration.count / 1_000 + 1_000
    guard between > .zero, between.count <= longest else { return roundTrip }
    (roundTrip.duration, roundTrip.source) = (between, .hardware)
    return roundTrip
  }

  /// How long the answer that came as `arrival` took, from where the probe was handed to the queue of its
  /// interface until the kernel had the answer.
  ///
  /// The difference of two kernel stamps leaves out the time that both packets spent between the
  /// program and the kernel, but the stamps are wall time. So they count only when the wall clock
  /// kept pace with the monotonic one in between and the result fits into what the program saw;
  /// otherwise the program's own monotonic times do. No step of the wall clock changes the result.
  func softwareRoundTrip(to arrival: Arrival) -> RoundTripTime {
    let seen = max(arrival.clock.monotonic - clock.monotonic, .zero)
    guard let departed = kernelStamp, let arrived = arrival.kernelStamp else {
      return RoundTripTime(seen, source: .program)
    }
    // NTP slews by at most 500 ppm; the rest is for the two clock readings not being one.
    let tolerance = 20_000 + seen.count / 1_000
    let drift = arrival.clock.offset &- clock.offset
    let stamped = arrived - departed
    guard drift.magnitude <= UInt64(tolerance), stamped >= .zero,
      stamped.count <= seen.count + tolerance
    else { return RoundTripTime(seen, source: .program) }
    var roundTrip = RoundTripTime(stamped, source: .kernel)
    if let deviceStamp, deviceStamp >= departed, arrived >= deviceStamp {
      roundTrip.parts = RoundTripTime.Parts(
        sending: max(departed - clock.wall, .zero), queueing: deviceStamp - departed,
        network: arrived - deviceStamp, receiving: max(arrival.clock.wall - arrived, .zero))
    }
    return roundTrip
  }
}

/// A measured round trip.
public struct RoundTripTime: Hashable, Sendable {
  /// Whose clock readings it is the difference of.
  public enum Source: String, Hashable, Sendable {
    /// Stamps of the network card at both ends.
    case hardware
    /// Kernel stamps at both ends.
    case kernel
    /// The program's own readings of the monotonic clock.
    case program
  }

  /// Where the time went, between the program's sending and its reading of the answer.
  public struct Parts: Hashable, Sendable {
    /// From the program to the queue of the interface.
    public var sending: Nanoseconds
    /// In that queue.
    public var queueing: Nanoseconds
    /// From the interface's driver to the kernel's receiving.
    public var network: Nanoseconds
    /// From there to the program.
    public var receiving: Nanoseconds

    /// Parts from their lengths.
    public init(
      sending: Nanoseconds, queueing: Nanoseconds, network: Nanoseconds, receiving: Nanoseconds
    ) {
      (self.sending, self.queueing) = (sending, queueing)
      (self.network, self.receiving) = (network, receiving)
    }
  }

  /// How long.
  public var duration: Nanoseconds
  /// Measured how.
  public var source: Source
  /// Where the time went, if the kernel was asked for the stamps that tell.
  public var parts: Parts?

  /// A measurement from its fields.
  public init(_ duration: Nanoseconds, source: Source) {
    (self.duration, self.source) = (duration, source)
  }
}
