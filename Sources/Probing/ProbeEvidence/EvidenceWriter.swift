import CaptureFile
public import PacketWire
public import ProbeEngine

/// Writes the probes of a session and what came back for them as a pcapng file: raw IP packets with
/// times in nanoseconds, each with its direction and a comment that says what it is.
///
/// Each function gives octets for the end of the file. A probe waits until the kernel has told when it
/// left; what came back for it is never written before it.
public struct EvidenceWriter: Sendable {
  /// What a packet that came in is to the session.
  public enum Meaning: Hashable, Sendable {
    /// The first answer to a probe, with how long it took.
    case answer(EvidencePacket.Probe, after: Nanoseconds?)
    /// Another answer to a probe that had one.
    case duplicate(EvidencePacket.Probe, after: Nanoseconds?)
    /// An answer after its time was up.
    case late(EvidencePacket.Probe, after: Nanoseconds?)
    /// An ICMP error about a probe, in words.
    case error(EvidencePacket.Probe, String)
    /// Something that looks like an answer and is none, in words.
    case rejected(String)
  }

  private struct Pending {
    var probe: EvidencePacket.Probe
    var packet: EvidencePacket
    var clock: ClockSample
    /// How many probes were handed over before it.
    var place: Int
  }

  /// A probe waits for its time no longer than it takes to send so many others: then it goes without.
  public static let pendingLimit = 1_024

  private let session: EvidenceSession
  private var writer = PcapngWriter()
  private var pending: [Pending] = []
  private var handedCount = 0
  /// Refusals that wait for a block to stand in.
  private var refusals: [String] = []
  private static let refusalLimit = 32
  private var began = WallInstant(nanoseconds: 0)
  /// Probes written.
  public private(set) var sentCount = 0
  /// Packets written that came in.
  public private(set) var receivedCount = 0

  /// A writer for a file that is empty.
  public init(_ session: EvidenceSession) { self.session = session }

  /// The file's start: the session, its one interface, and the names of its targets.
  public mutating func begin(at now: WallInstant, operatingSystem: String? = nil) -> [UInt8] {
    began = now
    let section = CaptureSection(
      operatingSystem: operatingSystem, application: "\(session.tool) \(session.version)",
      comments: session.comments)
    let interface = CaptureInterface(
      linkType: .raw, snapshotLength: 262_144, name: "session",
      interfaceDescription: "the probes of one session and what came back for them")
    let names = session.targets.compactMap { target in
      IPAddress(target.typed) == nil ? Self.record(target.typed, of: target.address) : nil
    }
    return writer.section(section) + writer.interface(interface)
      + (names.isEmpty ? [] : writer.names(CapturedNames(names)))
  }

  private static func record(_ name: String, of address: IPAddress) -> CapturedNames.Record {
    switch address {
    case .v4(let address): .init(.ipv4(address), [name])
    case .v6(let address): .init(.ipv6(address), [name])
    }
  }

  /// A probe was handed to the kernel. It waits for `transmitted`.
  public mutating func sent(
    _ probe: EvidencePacket.Probe, _ packet: EvidencePacket, at clock: ClockSample
  ) -> [UInt8] {
    pending.append(Pending(probe: probe, packet: packet, clock: clock, place: handedCount))
    handedCount += 1
    guard let oldest = pending.first, handedCount - oldest.place > Self.pendingLimit else {
      return []
    }
    return block(pending.removeFirst(), stamp: nil)
  }

  /// The kernel tells when it gave the probe to the device.
  public mutating func transmitted(
    _ probe: EvidencePacket.Probe, at stamp: WallInstant
  ) -> [UInt8] {
    guard let place = pending.firstIndex(where: { $0.probe == probe }) else { return [] }
    return block(pending.remove(at: place), stamp: stamp)
  }

  /// The kernel refused a probe.
  public mutating func refused(_ refusal: EvidenceRefusal, at now: WallInstant) -> [UInt8] {
    refusals.append(refusal.text)
    return refusals.count < Self.refusalLimit ? [] : statistics(at: now, [])
  }

  /// The kernel did not take the probe after all.
  public mutating func sendFailed(_ probe: EvidencePacket.Probe) {
    if let place = pending.lastIndex(where: { $0.probe == probe }) { pending.remove(at: place) }
  }

  /// Something came in.
  public mutating func received(
    _ packet: EvidencePacket, _ meaning: Meaning, at arrival: Arrival
  ) -> [UInt8] {
    var octets: [UInt8] = []
    if let probe = meaning.probe,
      let place = pending.firstIndex(where: { $0.probe == probe })
    {
      octets = block(pending.remove(at: place), stamp: nil)
    }
    receivedCount += 1
    var comment = meaning.comment(session)
    if case .rebuilt(let knowsHopLimit) = packet.header {
      comment += "; the IP header is rebuilt from what the socket told"
      if !knowsHopLimit { comment += ", which was no hop limit" }
    }
    return octets
      + block(
        packet, comment, .inbound, probe: meaning.probe, arrival.clock, arrival.kernelStamp)
  }

  /// The file's end: probes that still wait, names that were found, how it ended, and counts.
  public mutating func finish(
    at now: WallInstant, names: [IPAddress: String] = [:], ending: EvidenceEnding? = nil
  ) -> [UInt8] {
    var octets: [UInt8] = []
    for probe in pending { octets += block(probe, stamp: nil) }
    pending = []
    if !names.isEmpty {
      let records = names.sorted { "\($0.key)" < "\($1.key)" }.map { Self.record($1, of: $0) }
      octets += writer.names(CapturedNames(records))
    }
    return octets + statistics(at: now, ending.map { [$0.text] } ?? [])
  }

  private mutating func statistics(at now: WallInstant, _ comments: [String]) -> [UInt8] {
    defer { refusals = [] }
    return writer.statistics(
      InterfaceStatistics(
        interface: 0, time: now, start: began, end: now, received: UInt64(receivedCount),
        delivered: UInt64(receivedCount),
        comments: ["\(sentCount) probes sent, \(receivedCount) packets received"] + refusals
          + comments))
  }

  private mutating func block(_ pending: Pending, stamp: WallInstant?) -> [UInt8] {
    sentCount += 1
    var comment = "probe \(pending.probe.words(session))"
    if case .rebuilt = pending.packet.header {
      comment +=
        "; the IP header is as the kernel was asked for, identification and flow label unknown"
    }
    return block(
      pending.packet, comment, .outbound, probe: pending.probe, pending.clock, stamp)
  }

  private mutating func block(
    _ packet: EvidencePacket, _ comment: String, _ direction: PacketFlags.Direction,
    probe: EvidencePacket.Probe?, _ clock: ClockSample, _ stamp: WallInstant?
  ) -> [UInt8] {
    let mark = EvidenceMark(
      probe: probe, clock: clock, isKernelStamp: stamp != nil, header: packet.header)
    defer { refusals = [] }
    return writer.packet(
      packet.octets.span, at: stamp ?? clock.wall, originalLength: packet.octets.count,
      annotations: PacketAnnotations(
        comments: [comment, mark.text] + refusals, flags: PacketFlags(direction)))
  }
}

extension EvidencePacket.Probe {
  /// "17 to 198.18.0.1".
  fileprivate func words(_ session: EvidenceSession) -> String {
    guard session.targets.indices.contains(target) else { return "\(number)" }
    return "\(number) to \(session.targets[target].address)"
  }
}

extension EvidenceWriter.Meaning {
  fileprivate var probe: EvidencePacket.Probe? {
    switch self {
    case .answer(let probe, _), .duplicate(let probe, _), .late(let probe, _),
      .error(let probe, _):
      probe
    case .rejected: nil
    }
  }

  fileprivate func comment(_ session: EvidenceSession) -> String {
    switch self {
    case .answer(let probe, let time):
      "answer to probe \(probe.words(session))\(Self.after(time))"
    case .duplicate(let probe, let time):
      "another answer to probe \(probe.words(session))\(Self.after(time))"
    case .late(let probe, let time):
      "late answer to probe \(probe.words(session))\(Self.after(time))"
    case .error(let probe, let text): "ICMP error about probe \(probe.words(session)): \(text)"
    case .rejected(let text): "no answer though it looks like one: \(text)"
    }
  }

  /// In milliseconds with three decimals, as ping prints them.
  private static func after(_ time: Nanoseconds?) -> String {
    guard let time else { return "" }
    let microseconds = (time.count + 500) / 1_000
    let digits = String(microseconds % 1_000)
    let fraction = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    return " after \(microseconds / 1_000).\(fraction) ms"
  }
}
