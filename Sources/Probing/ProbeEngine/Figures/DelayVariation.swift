public import PacketWire

/// How much delays change from one answer to the next, by the two definitions in use. Both are meant
/// for one-way delays; here they are given round trips, so that both ways vary in them.
///
/// Memory is constant: 1 KiB, from the first answer on, and what a `DelayHistogram` takes.
public struct DelayVariation: Hashable, Sendable {
  /// RFC 3550 §6.4.1's interarrival jitter in nanoseconds: 1/16 of the way, at each answer, to how much
  /// its delay differs from that of the answer that came before it. What RTP reports as jitter.
  public private(set) var jitter = 0.0
  /// How many differences the jitter was made of; without any it means nothing.
  public private(set) var jitterSamples = 0

  /// RFC 3393's variations (IPDV), without their sign: a probe's delay less that of the probe sent
  /// before it, where both were answered.
  public private(set) var magnitudes = DelayHistogram()
  /// The lowest IPDV with its sign; zero when there is none.
  public private(set) var minimum = Nanoseconds.zero
  /// The highest one; zero when there is none.
  public private(set) var maximum = Nanoseconds.zero

  private struct Answer: Hashable {
    var number: UInt64
    var delay: Nanoseconds
  }

  private var previous: Nanoseconds?
  /// Answers by the low bits of their probes' numbers.
  private var answers: [Answer] = []

  /// How many probes may have been answered between two for those two to be seen as neighbours.
  private static let window = 64

  /// No answer yet.
  public init() {}

  /// Takes in the delay of a probe's first answer. Answers come in the order of their arrival, which
  /// is the one that jitter is about; IPDV is about the order of sending, in which probes are counted
  /// from 1.
  public mutating func add(_ delay: Nanoseconds, of number: UInt64) {
    if let previous {
      let difference = Double((delay - previous).count.magnitude)
      jitter += (difference - jitter) / 16
      jitterSamples &+= 1
    }
    previous = delay
    compareWithNeighbours(Answer(number: number, delay: delay))
  }

  private mutating func compareWithNeighbours(_ answer: Answer) {
    if answers.isEmpty {
      // Zero is the number of no probe.
      answers = [Answer](repeating: Answer(number: 0, delay: .zero), count: Self.window)
    }
    let place = Self.place(answer.number)
    // Of a probe that is that far behind the neighbours are forgotten.
    guard answers[place].number < answer.number else { return }
    answers[place] = answer
    let before = answers[Self.place(answer.number &- 1)]
    if before.number > 0, before.number == answer.number &- 1 {
      add(variation: answer.delay - before.delay)
    }
    let behind = answers[Self.place(answer.number &+ 1)]
    if behind.number > answer.number, behind.number == answer.number &+ 1 {
      add(variation: behind.delay - answer.delay)
    }
  }

  private static func place(_ number: UInt64) -> Int {
    Int(truncatingIfNeeded: number % UInt64(window))
  }

  private mutating func add(variation: Nanoseconds) {
    minimum = magnitudes.count == 0 ? variation : min(minimum, variation)
    maximum = magnitudes.count == 0 ? variation : max(maximum, variation)
    magnitudes.add(Nanoseconds(Int64(clamping: variation.count.magnitude)))
  }

  /// The mean of the IPDV's magnitudes in nanoseconds; nil when there is none.
  public var meanMagnitude: Double? {
    magnitudes.count == 0 ? nil : Double(magnitudes.sum.count) / Double(magnitudes.count)
  }
}

extension DelayHistogram {
  /// RFC 5481 §4.2's variation (PDV): how much longer than the shortest delay a quantile is; nil when
  /// there is no delay.
  public func variation(at share: Double) -> Nanoseconds? {
    quantile(share).map { max($0 - minimum, .zero) }
  }
}
