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
    /// The rest of the file has not been appended yet.
    case needMoreOctets
    /// There is no more, or no more can be read: see `problem`.
    case end
  }

  /// How far behind its place a packet may stand in the file.
  public static let orderingWindow = 4_096

  private var reader = CaptureReader()
  private var window = OrderingWindow()
  private var isAtEnd = false
  /// What the file says of the session; nil in a file of another program, and before the first event.
  public private(set) var session: EvidenceSession?
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
        case .interface, .names, .statistics, .secrets, .skipped: break
        }
      } catch {
        (problem, isAtEnd) = (error, true)
      }
    }
    return window.popFirst().map { .event($0) } ?? .end
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
    window.insert(event)
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

/// Events in order: they come nearly so, and the earliest is taken.
private struct OrderingWindow: Sendable {
  private var events: [EvidenceEvent] = []
  /// Events before it were taken.
  private var start = 0

  var count: Int { events.count - start }

  mutating func insert(_ event: EvidenceEvent) {
    var place = events.count
    while place > start, event.clock.monotonic < events[place - 1].clock.monotonic { place -= 1 }
    events.insert(event, at: place)
  }

  mutating func popFirst() -> EvidenceEvent? {
    guard start < events.count else { return nil }
    let event = events[start]
    start += 1
    if start > EvidenceReader.orderingWindow {
      events.removeFirst(start)
      start = 0
    }
    return event
  }
}
