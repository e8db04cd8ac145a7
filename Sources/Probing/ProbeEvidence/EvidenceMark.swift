import PacketWire
import ProbeEngine

/// A packet's second comment: what a replay needs of it beside its octets and its time.
struct EvidenceMark: Hashable {
  private static let keyword = "wirewalk-packet"

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
    if let probe { line.add(probe) }
    line.add(clock)
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
      let clock = line.clock
    else { return nil }
    self.clock = clock
    isKernelStamp = line["stamp"] == "kernel"
    switch line["header"] {
    case "rebuilt": header = .rebuilt(knowsHopLimit: true)
    case "rebuilt-without-hop-limit": header = .rebuilt(knowsHopLimit: false)
    default: header = .whole
    }
    probe = line.probe
  }
}
