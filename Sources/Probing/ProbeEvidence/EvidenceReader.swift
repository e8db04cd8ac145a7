public import CaptureFile
public import PacketWire
public import ProbeEngine

/// Something that happened in a session, as its file has it.
public struct EvidenceEvent: Hashable, Sendable {
  /// Which way a packet went.
  public enum Direction: Hashable, Sendable {
    case sent
    case received
  }

  /// Which way the packet went.
  public var direction: Direction
  /// The packet.
  public var packet: EvidencePacket
  /// Which probe it is, or is about; nil where the file does not say so.
  public var probe: EvidencePacket.Probe?
  /// The program's clocks just before it sent, or just after it received. In a file of another program
  /// both are the packet's time.
  public var clock: ClockSample
  /// When the kernel had the packet.
  public var kernelStamp: WallInstant?

  /// An event from its parts.
  public init(
    direction: Direction, packet: EvidencePacket, probe: EvidencePacket.Probe?,
    clock: ClockSample, kernelStamp: WallInstant?
  ) {
    (self.direction, self.packet, self.probe) = (direction, packet, probe)
    (self.clock, self.kernelStamp) = (clock, kernelStamp)
  }

  /// Where a probe stands in time.
  public var timing: ProbeTiming { ProbeTiming(clock: clock, kernelStamp: kernelStamp) }
  /// Where something that came in stands in time.
  public var arrival: Arrival { Arrival(clock: clock, kernelStamp: kernelStamp) }
}

/// Reads the file of a session, or a capture that somebody made of the same packets, from chunks of
/// octets, whoever reads them from wherever.
///
/// Probes and arrivals come in the order of the program's clock. A file can have them in another order,
/// since a probe is written when the kernel has told its time: packets are put in order over the next
/// `orderingWindow` ones.
///
/// In a capture of another program the direction is that of the file where it has one; else requests
/// count as sent and all else as received. A damaged file gives what can be read, and `problem`.
public struct EvidenceReader: Sendable {
  /// What `next()` came to.
  public enum Step: Hashable, Sendable {
    case event(EvidenceEvent)
    /// A probe that was not sent.
    case refused(EvidenceRefusal)
    /// The rest of the file has not been appended yet.
    case needMoreOctets
    /// There is no more, or no more can be read: see `problem`.
    case end
  }

  /// How far behind its place a packet may stand in the file.
  public static let orderingWindow = 4_096
  /// Names that are kept.
  private static let nameLimit = 65_536

  private var reader = CaptureReader()
  private var window = OrderingWindow()
  private var isAtEnd = false
  /// What the file says of the session; nil in a file of another program, and before the first event.
  public private(set) var session: EvidenceSession?
  /// How the session ended; nil where the file does not say it, and before it was read.
  public private(set) var ending: EvidenceEnding?
  /// Names of addresses, as far as they have been read.
  public private(set) var names: [IPAddress: String] = [:]
  /// What keeps the file from being read to its end.
  public private(set) var problem: CaptureError?
  /// Packets that are not IP, or were cut by the capture so that they are of no use.
  public private(set) var skippedCount = 0

  /// A reader of a file of which nothing was appended.
  public init() {}

  /// Takes in the file's next octets.
  public mutating func append(_ octets: Span<UInt8>) { reader.append(octets) }

  /// No more octets will come.
  public mutating func finish() { reader.finish() }

  /// The next event, in the order of the program's clock.
  public mutating func next() -> Step {
    while !isAtEnd, window.count <= Self.orderingWindow {
      do throws(CaptureError) {
        switch try reader.nextItem() {
        case .needMoreOctets: return .needMoreOctets
        case .end: isAtEnd = true
        case .section: session = session ?? EvidenceSession(comments: reader.section.comments)
        case .packet(let packet): take(packet)
        case .names(let names): take(names)
        case .statistics(let statistics):
          takeRefusals(statistics.comments)
          ending =
            statistics.comments.lazy.compactMap { EvidenceEnding(comment: $0) }.first ?? ending
        case .interface, .secrets, .skipped: break
        }
      } catch {
        (problem, isAtEnd) = (error, true)
      }
    }
    return window.popFirst() ?? .end
  }

  private mutating func take(_ captured: CapturedNames) {
    for record in captured.records where names.count < Self.nameLimit {
      switch record.address {
      case .ipv4(let address): names[.v4(address)] = record.names.first
      case .ipv6(let address): names[.v6(address)] = record.names.first
      case .eui48, .eui64: break
      }
    }
  }

  private mutating func takeRefusals(_ comments: [String]) {
    for refusal in comments.lazy.compactMap({ EvidenceRefusal(comment: $0) }) {
      window.insert(.refused(refusal), at: refusal.clock.monotonic)
    }
  }

  private mutating func take(_ packet: CapturedPacket) {
    let octets = reader.withOctets { span in
      Self.networkPacket(span, packet.linkType)
    }
    guard let octets, packet.capturedLength >= packet.originalLength else {
      skippedCount += 1
      return
    }
    let annotations = reader.annotations()
    takeRefusals(annotations.comments)
    let mark = EvidenceMark(comments: annotations.comments)
    let direction: EvidenceEvent.Direction =
      switch annotations.flags?.direction {
      case .outbound: .sent
      case .inbound: .received
      case .unknown, .reserved, nil: Self.isRequest(octets) ? .sent : .received
      }
    var event = EvidenceEvent(
      direction: direction, packet: EvidencePacket(whole: octets), probe: mark?.probe,
      clock: ClockSample(
        monotonic: MonotonicInstant(nanoseconds: packet.time.nanoseconds), wall: packet.time),
      kernelStamp: packet.time)
    if let mark {
      (event.clock, event.packet.header) = (mark.clock, mark.header)
      event.kernelStamp = mark.isKernelStamp ? packet.time : nil
    }
    window.insert(.event(event), at: event.clock.monotonic)
  }

  /// The IP packet of a frame; `nil` when there is none.
  private static func networkPacket(_ octets: Span<UInt8>, _ linkType: LinkType) -> [UInt8]? {
    let frame = Frame(decoding: octets, linkType: linkType)
    guard let length = frame.addresses.flatMap({ _ in Self.length(of: frame) }) else { return nil }
    let end = min(octets.count, frame.networkOffset + length)
    guard end > frame.networkOffset else { return nil }
    // What stands behind the packet is the link's.
    return Array(copying: octets.extracting(frame.networkOffset..<end))
  }

  private static func length(of frame: Frame) -> Int? {
    switch frame.network {
    case .ipv4(let header): Int(header.totalLength)
    case .ipv6(let header): IPv6Header.length + Int(header.payloadLength)
    case .arp, .none: nil
    }
  }

  /// The packet asks for an answer: what a prober sends.
  private static func isRequest(_ octets: [UInt8]) -> Bool {
    switch Frame(decoding: octets.span, linkType: .raw).transport {
    // Echo, time stamp, information, address mask, and extended echo.
    case .icmpv4(let header): [8, 13, 15, 17, 42].contains(header.type.rawValue)
    // Echo, node information, and extended echo.
    case .icmpv6(let header): [128, 139, 160].contains(header.type.rawValue)
    default: false
    }
  }
}

/// What happened, in order: it comes nearly so, and the earliest is taken.
private struct OrderingWindow: Sendable {
  private var entries: [(step: EvidenceReader.Step, time: MonotonicInstant)] = []
  /// Those before it were taken.
  private var start = 0

  var count: Int { entries.count - start }

  mutating func insert(_ step: EvidenceReader.Step, at time: MonotonicInstant) {
    var place = entries.count
    while place > start, time < entries[place - 1].time { place -= 1 }
    entries.insert((step, time), at: place)
  }

  mutating func popFirst() -> EvidenceReader.Step? {
    guard start < entries.count else { return nil }
    let step = entries[start].step
    start += 1
    if start > EvidenceReader.orderingWindow {
      entries.removeFirst(start)
      start = 0
    }
    return step
  }
}
