public import PacketWire

/// What one direction of a link does to packets, in this order: they wait in a queue and go out at the
/// link's rate, and on the line they are lost, doubled, damaged and delayed.
public struct LinkProperties: Hashable, Sendable {
  /// How long a packet is under way.
  public var delay = Nanoseconds.zero
  /// By how much the delay varies from packet to packet; `jitterShape` says how.
  public var jitter = Nanoseconds.zero
  /// How delays are spread.
  public var jitterShape = JitterShape.uniform
  /// Jitter lets packets overtake one another; otherwise one that would waits for the one before.
  public var reorders = false
  /// Some packets come much later than those around them, which overtake them.
  public var lateness: Lateness?
  /// The chance of each packet to be lost, whatever became of the others.
  public var loss = Probability.never
  /// Losses that come together, beside `loss`.
  public var bursts: LossBursts?
  /// The chance of each packet to arrive twice.
  public var duplication = Probability.never
  /// The chance of each packet to have one of its bits, any of them, flipped.
  public var corruption = Probability.never
  /// The longest packet that the link takes, in octets; without one there is no limit. Packets of IPv6
  /// up to 1280 octets always pass: a link that is narrower has to see to that itself (RFC 8200 §5).
  public var mtu: Int?
  /// How fast packets go out; without one in no time at all.
  public var rate: BitRate?
  /// How much may wait for its turn where there is a rate; what comes to a full queue is dropped.
  public var queue = QueueLimit.usual

  /// No delay and no loss.
  public init() {}

  /// The longest packet of a family that the link takes, in octets.
  func mtu(for family: IPFamily) -> Int {
    guard let mtu else { return .max }
    return family == .v6 ? max(mtu, 1280) : mtu
  }
}

/// How the delays of packets are spread.
public enum JitterShape: String, Hashable, Sendable, CaseIterable {
  /// Each from `jitter` less to `jitter` more is equally likely.
  case uniform
  /// `jitter` is the standard deviation of a normal distribution, never more than six of them away.
  case normal
  /// `jitter` is the mean of what is added, as by one queue under way (exponential distribution).
  case exponential
  /// `jitter` is the mean of what is added, which is mostly little and now and then very much (Lomax
  /// distribution of shape 2, whose variance is infinite).
  case pareto
}

/// Packets that come late.
public struct Lateness: Hashable, Sendable {
  /// The chance of each packet.
  public var chance: Probability
  /// How much later it comes.
  public var delay: Nanoseconds

  /// Each packet comes `delay` later with this chance.
  public init(_ chance: Probability, by delay: Nanoseconds) {
    (self.chance, self.delay) = (chance, delay)
  }
}

/// Losses of a link that is good for a while and bad for a while (Gilbert 1960, Elliott 1963). Before
/// each packet it may change its state; in the bad one packets are lost.
public struct LossBursts: Hashable, Sendable {
  /// The chance to become bad before a packet.
  public var entering: Probability
  /// The chance to become good again before a packet: bursts last 1 / `leaving` packets on average.
  public var leaving: Probability
  /// The chance of a packet to be lost while the link is bad.
  public var loss: Probability

  /// Bursts from their three chances.
  public init(entering: Probability, leaving: Probability, loss: Probability = .always) {
    (self.entering, self.leaving, self.loss) = (entering, leaving, loss)
  }
}

/// How fast a link sends.
public struct BitRate: Hashable, Sendable {
  /// 1 to 10^12.
  public let bitsPerSecond: UInt64

  /// A rate of at least one bit a second, and of at most 10^12.
  public init(clamping bitsPerSecond: UInt64) {
    self.bitsPerSecond = min(max(bitsPerSecond, 1), 1_000_000_000_000)
  }

  /// How long it takes to send so many octets, in whole nanoseconds and not too short.
  public func time(for octets: Int) -> Nanoseconds {
    let scaled = UInt128(octets.magnitude) * 8_000_000_000
    let time = (scaled + UInt128(bitsPerSecond) - 1) / UInt128(bitsPerSecond)
    return Nanoseconds(Int64(clamping: time))
  }
}

/// How much may wait for a link.
public enum QueueLimit: Hashable, Sendable {
  /// As much as the link sends in this time.
  case time(Nanoseconds)
  /// So many octets.
  case octets(Int)

  /// A tenth of a second: a common rule for buffers, the round trip of a long path.
  public static let usual = QueueLimit.time(.milliseconds(100))

  /// How long the last of a full queue waits at `rate`.
  func time(at rate: BitRate) -> Nanoseconds {
    switch self {
    case .time(let time): time
    case .octets(let octets): rate.time(for: octets)
    }
  }
}

/// A chance in millionths, so that a hundredth of a per cent is exact.
public struct Probability: Hashable, Sendable {
  /// 0 to 1 000 000.
  public let perMillion: UInt64

  /// It never happens.
  public static let never = Probability(clamping: 0)
  /// It happens each time.
  public static let always = Probability(clamping: 1_000_000)

  /// `perMillion` in a million; more than all is all.
  public init(clamping perMillion: UInt64) { self.perMillion = min(perMillion, 1_000_000) }
}
