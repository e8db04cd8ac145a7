import PacketWire
public import ProbeEngine

/// A probe that the kernel refused to send: it was none of the packets, but numbers go on behind it.
public struct EvidenceRefusal: Hashable, Sendable {
  /// Which probe.
  public var probe: EvidencePacket.Probe
  /// TTL or hop limit that it was to have.
  public var timeToLive: UInt8
  /// Of the whole packet, in octets, where the probes have not all the same; nil where they have.
  public var length: Int?
  /// Why: an `errno` of Linux.
  public var errorNumber: Int32
  /// The program's clocks just before.
  public var clock: ClockSample

  /// A refusal from its fields.
  public init(
    _ probe: EvidencePacket.Probe, timeToLive: UInt8, length: Int?, errorNumber: Int32,
    clock: ClockSample
  ) {
    (self.probe, self.timeToLive, self.length) = (probe, timeToLive, length)
    (self.errorNumber, self.clock) = (errorNumber, clock)
  }
}

extension EvidenceRefusal {
  private static let keyword = "wirewalk-refused"

  var text: String {
    var line = EvidenceLine(Self.keyword)
    line.add(probe)
    line.add("ttl", timeToLive)
    line.add("length", ifKnown: length)
    line.add("error", errorNumber)
    line.add(clock)
    return line.text
  }

  /// Reads a comment; `nil` when it is none of a refusal, or what it says cannot be.
  init?(comment: String) {
    guard let line = EvidenceLine(comment, keyword: Self.keyword), let probe = line.probe,
      let clock = line.clock, let timeToLive = line["ttl"].flatMap({ UInt8($0) }),
      let errorNumber = line["error"].flatMap({ Int32($0) })
    else { return nil }
    let length = line["length"].flatMap { Int($0) }.flatMap { (0...65_575).contains($0) ? $0 : nil }
    self.init(
      probe, timeToLive: timeToLive, length: length, errorNumber: errorNumber, clock: clock)
  }
}

/// How a session ended.
public struct EvidenceEnding: Hashable, Sendable {
  /// The program's clocks.
  public var clock: ClockSample
  /// Somebody had had enough before everything was done.
  public var isInterrupted: Bool

  /// An end from its fields.
  public init(at clock: ClockSample, isInterrupted: Bool) {
    (self.clock, self.isInterrupted) = (clock, isInterrupted)
  }
}

extension EvidenceEnding {
  private static let keyword = "wirewalk-end"

  var text: String {
    var line = EvidenceLine(Self.keyword)
    line.add(clock)
    line.add("interrupted", isInterrupted ? "yes" : "no")
    return line.text
  }

  /// Reads a comment; `nil` when it is none of an end.
  init?(comment: String) {
    guard let line = EvidenceLine(comment, keyword: Self.keyword), let clock = line.clock
    else { return nil }
    self.init(at: clock, isInterrupted: line["interrupted"] == "yes")
  }
}

// MARK: - What several lines have

extension EvidenceLine {
  /// Times that a replay can reckon with: to the year 2116.
  private static let times: ClosedRange<Int64> = 0...(1 << 62)

  mutating func add(_ probe: EvidencePacket.Probe) {
    add("probe", probe.number)
    add("target", probe.target)
    add("flow", ifKnown: probe.flow == 0 ? nil : probe.flow)
  }

  mutating func add(_ clock: ClockSample) {
    add("monotonic", clock.monotonic.nanoseconds)
    add("wall", clock.wall.nanoseconds)
  }

  /// The probe that it names.
  var probe: EvidencePacket.Probe? {
    guard let number = self["probe"].flatMap({ UInt64($0) }),
      let target = self["target"].flatMap({ Int($0) }), target >= 0
    else { return nil }
    let flow = self["flow"].flatMap { Int($0) } ?? 0
    return EvidencePacket.Probe(number, target: target, flow: max(flow, 0))
  }

  /// The clocks that it tells, where they can be.
  var clock: ClockSample? {
    guard let monotonic = self["monotonic"].flatMap({ Int64($0) }),
      let wall = self["wall"].flatMap({ Int64($0) }), Self.times.contains(monotonic),
      Self.times.contains(wall)
    else { return nil }
    return ClockSample(
      monotonic: MonotonicInstant(nanoseconds: monotonic), wall: WallInstant(nanoseconds: wall))
  }
}
