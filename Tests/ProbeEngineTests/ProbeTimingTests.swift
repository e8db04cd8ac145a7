import PacketWire
import ProbeEngine
import Testing

@Suite("Round trips from two clocks")
struct ProbeTimingTests {
  /// The program sees 1 000 000 ns, the kernel's stamps are 900 000 apart.
  private func roundTrip(
    wallStep: Int64 = 0, departed: Int64? = 40_000, arrived: Int64? = 940_000
  ) -> RoundTripTime {
    let wall: Int64 = 1_700_000_000_000_000_000
    let timing = ProbeTiming(
      clock: ClockSample(
        monotonic: MonotonicInstant(nanoseconds: 5_000), wall: WallInstant(nanoseconds: wall)),
      kernelStamp: departed.map { WallInstant(nanoseconds: wall + $0) })
    return timing.roundTrip(
      to: Arrival(
        clock: ClockSample(
          monotonic: MonotonicInstant(nanoseconds: 1_005_000),
          wall: WallInstant(nanoseconds: wall + 1_000_000 + wallStep)),
        kernelStamp: arrived.map { WallInstant(nanoseconds: wall + $0 + wallStep) }))
  }

  @Test func kernelStampsCountWhenTheClockKeptPace() {
    #expect(roundTrip() == RoundTripTime(Nanoseconds(900_000), source: .kernel))
  }

  @Test(
    "a step of the wall clock changes nothing",
    arguments: [
      -86_400_000_000_000, -3_600_000_000_000, -500_000, -30_000, 30_000, 500_000,
      3_600_000_000_000,
    ] as [Int64])
  func clockStep(step: Int64) {
    #expect(roundTrip(wallStep: step) == RoundTripTime(Nanoseconds(1_000_000), source: .program))
  }

  @Test("the stamps of both ends of the queue tell where the time went")
  func parts() {
    let wall: Int64 = 1_700_000_000_000_000_000
    func instant(_ offset: Int64) -> WallInstant { WallInstant(nanoseconds: wall + offset) }
    func clock(_ offset: Int64) -> ClockSample {
      ClockSample(monotonic: MonotonicInstant(nanoseconds: 9 + offset), wall: instant(offset))
    }
    for (device, expected) in [
      (
        50_000,
        RoundTripTime.Parts(
          sending: Nanoseconds(40_000), queueing: Nanoseconds(10_000),
          network: Nanoseconds(890_000),
          receiving: Nanoseconds(60_000))
      ), (39_999, nil), (940_001, nil),
    ] as [(Int64, RoundTripTime.Parts?)] {
      let timing = ProbeTiming(
        clock: clock(0), kernelStamp: instant(40_000), deviceStamp: instant(device))
      let measured = timing.roundTrip(
        to: Arrival(clock: clock(1_000_000), kernelStamp: instant(940_000)))
      #expect(measured.duration == Nanoseconds(900_000) && measured.parts == expected)
    }
  }

  /// The program sees 1 000 000 ns and the kernel 900 000, or nothing; the card's stamps are so far apart,
  /// by a clock of another epoch.
  private func roundTrip(
    card: (Int64?, Int64?), hasKernelStamps: Bool = true, wallStep: Int64 = 0
  ) -> RoundTripTime {
    let wall: Int64 = 1_700_000_000_000_000_000
    func clock(_ offset: Int64, _ step: Int64) -> ClockSample {
      ClockSample(
        monotonic: MonotonicInstant(nanoseconds: 9 + offset),
        wall: WallInstant(nanoseconds: wall + offset + step))
    }
    func stamp(_ offset: Int64) -> WallInstant? {
      hasKernelStamps ? WallInstant(nanoseconds: wall + offset) : nil
    }
    var timing = ProbeTiming(
      clock: clock(0, 0), kernelStamp: stamp(40_000), deviceStamp: stamp(50_000))
    timing.cardStamp = card.0.map { CardInstant(nanoseconds: $0) }
    return timing.roundTrip(
      to: Arrival(
        clock: clock(1_000_000, wallStep), kernelStamp: stamp(940_000 + wallStep),
        cardStamp: card.1.map { CardInstant(nanoseconds: $0) }))
  }

  @Test("a card's two stamps come first, whatever its clock says and whatever becomes of ours")
  func cardStamps() throws {
    for epoch in [0, 5, -3_000_000_000, 1 << 60] as [Int64] {
      let measured = roundTrip(card: (epoch, epoch + 850_000))
      #expect(measured.source == .hardware && measured.duration == Nanoseconds(850_000))
      // Where the time went is still told by the kernel's.
      #expect(try #require(measured.parts).network == Nanoseconds(890_000))
    }
    for step in [-3_600_000_000_000, 3_600_000_000_000] as [Int64] {
      #expect(roundTrip(card: (1, 850_001), wallStep: step).source == .hardware)
    }
    let alone = roundTrip(card: (1, 990_001), hasKernelStamps: false)
    #expect(alone == RoundTripTime(Nanoseconds(990_000), source: .hardware))
  }

  @Test("one stamp of the card's is not enough")
  func halfCardStamps() {
    for card in [(nil, 850_000), (0, nil), (nil, nil)] as [(Int64?, Int64?)] {
      let measured = roundTrip(card: card)
      #expect(measured.source == .kernel && measured.duration == Nanoseconds(900_000))
      #expect(roundTrip(card: card, hasKernelStamps: false).source == .program)
    }
  }

  @Test("stamps of the card's that do not fit into what software saw do not count")
  func contradictingCardStamps() {
    // The kernel saw 900 000 ns: a thousandth and a microsecond more is the most.
    for (length, isTaken) in [
      (901_900, true), (901_901, false), (1, true), (0, false), (-1, false), (1_000_000, false),
      (3_600_000_000_000, false), (-3_600_000_000_000, false),
    ] as [(Int64, Bool)] {
      let measured = roundTrip(card: (77, 77 + length))
      #expect((measured.source == .hardware) == isTaken, "\(length)")
      #expect(measured.duration == Nanoseconds(isTaken ? length : 900_000))
    }
    #expect(roundTrip(card: (.min, .max)).source == .kernel)
  }

  @Test func oneStampIsNotEnough() {
    #expect(roundTrip(departed: nil).source == .program)
    #expect(roundTrip(arrived: nil).source == .program)
  }

  @Test(
    "stamps that contradict what the program saw do not count",
    arguments: [
      (Int64(40_000), Int64(20_000)), (-2_000_000, 940_000),
    ])
  func contradiction(departed: Int64, arrived: Int64) {
    let measured = roundTrip(departed: departed, arrived: arrived)
    #expect(measured == RoundTripTime(Nanoseconds(1_000_000), source: .program))
  }
}

@Suite("RTT statistics")
struct RTTStatisticsTests {
  /// 2, 4, 4, 4, 5, 5, 7, 9: mean 5, population standard deviation 2.
  @Test func closedForm() {
    var statistics = RTTStatistics()
    for value in [2, 4, 4, 4, 5, 5, 7, 9] as [Int64] { statistics.add(.milliseconds(value)) }
    #expect(statistics.count == 8)
    #expect(statistics.minimum == .milliseconds(2) && statistics.maximum == .milliseconds(9))
    #expect(abs(statistics.mean - 5e6) < 1e-3)
    #expect(abs(statistics.standardDeviation - 2e6) < 1e-3)
  }

  @Test func nothingAndOne() {
    var statistics = RTTStatistics()
    #expect(statistics.standardDeviation == 0 && statistics.mean == 0)
    statistics.add(Nanoseconds(7))
    #expect(statistics.standardDeviation == 0 && statistics.mean == 7)
    #expect(statistics.weightedMean == 7)
    statistics.add(Nanoseconds(15))
    #expect(statistics.weightedMean == 8)  // 7 + (15 - 7) / 8
  }

  /// Large equal values: the naive sum of squares minus the squared mean would go wrong here.
  @Test func noCancellation() {
    var statistics = RTTStatistics()
    for index in 0..<1_000_000 {
      statistics.add(Nanoseconds(10_000_000_000 + Int64(index % 2)))
    }
    #expect(abs(statistics.standardDeviation - 0.5) < 1e-3)
  }
}
