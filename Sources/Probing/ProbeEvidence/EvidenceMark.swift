import PacketWire
import ProbeEngine

/// A packet's second comment: what a replay needs of it beside its octets and its time.
struct EvidenceMark: Hashable {
  private static let keyword = "wirewalk-packet"
  /// Times that a replay can reckon with: to the year 2116.
  private static let times: ClosedRange<Int64> = 0...(1 << 62)

  var probe: EvidencePacket.Probe?
  /// The program's clocks.
  var clock: ClockSample
  /// The packet's time in the file is the kernel's, and not the program's.
  var isKernelStamp: Bool
  var header: EvidencePacket.Header

  init(
    probe: EvidencePacket.Probe?, clock: ClockSample, isKernelStamp: Bool,
    header: EvidencePacket.Header
  ) {
    (self.probe, self.clock) = (probe, clock)
    (self.isKernelStamp, self.header) = (isKernelStamp, header)
  }

  var text: String {
    var line = EvidenceLine(Self.keyword)
    line.add("probe", ifKnown: probe?.number)
    line.add("target", ifKnown: probe?.target)
    line.add("monotonic", clock.monotonic.nanoseconds)
    line.add("wall", clock.wall.nanoseconds)
    line.add("stamp", isKernelStamp ? "kernel" : "program")
    switch header {
    case .whole: line.add("header", "whole")
    case .rebuilt(true): line.add("header", "rebuilt")
    case .rebuilt(false): line.add("header", "rebuilt-without-hop-limit")
    }
    return line.text
  }

  /// Reads a packet's comments; `nil` when none of them is ours, or what it says cannot be.
  init?(comments: [String]) {
    guard
      let line = comments.lazy.compactMap({ EvidenceLine($0, keyword: Self.keyword) }).first,
      let monotonic = line["monotonic"].flatMap({ Int64($0) }),
      let wall = line["wall"].flatMap({ Int64($0) }), Self.times.contains(monotonic),
      Self.times.contains(wall)
    else { return nil }
    clock = ClockSample(
      monotonic: MonotonicInstant(nanoseconds: monotonic), wall: WallInstant(nanoseconds: wall))
    isKernelStamp = line["stamp"] == "kernel"
    switch line["header"] {
    case "rebuilt": header = .rebuilt(knowsHopLimit: true)
    case "rebuilt-without-hop-limit": header = .rebuilt(knowsHopLimit: false)
    default: header = .whole
    }
    if let number = line["probe"].flatMap({ UInt64($0) }),
      let target = line["target"].flatMap({ Int($0) }), target >= 0
    {
      probe = EvidencePacket.Probe(number, target: target)
    }
  }
}
