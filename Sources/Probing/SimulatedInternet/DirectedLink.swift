import PacketWire

/// Where a link ends.
enum Place: Sendable {
  /// At an interface of a router, by their places in `Network.routers` and `Router.interfaces`.
  case router(Int, interface: Int)
  /// At a host, whose answer leaves by this link, as its place in `Network.links`.
  case host(AttachmentPoint, answersBy: Int)
}

/// One direction of a link.
struct DirectedLink: Sendable {
  /// Where packets come out.
  let end: Place
  let properties: LinkProperties
  private var chances: LinkChances
  /// When the last of the packets that wait for their turn is out.
  private var freeAt = MonotonicInstant(nanoseconds: .min)
  private var lastArrival = MonotonicInstant(nanoseconds: .min)

  /// A link that draws its own numbers, so that what happens on one link does not depend on the
  /// traffic of another.
  init(to end: Place, _ properties: LinkProperties, _ chances: LinkChances) {
    (self.end, self.properties, self.chances) = (end, properties, chances)
  }

  /// Sends a packet at `instant`: what comes out at the end goes into `queue`.
  mutating func transmit(
    _ octets: [UInt8], at instant: MonotonicInstant, into queue: inout ArrivalQueue,
    _ counters: inout SimulatedInternet.Counters
  ) {
    guard let departure = depart(octets.count, at: instant) else {
      counters.dropped += 1
      return
    }
    let isDoubled = chances.doubles(properties)
    guard !chances.loses(properties) else {
      counters.lost += 1
      return
    }
    arrive(octets, after: departure, &queue, &counters)
    guard isDoubled else { return }
    counters.duplicated += 1
    arrive(octets, after: departure, &queue, &counters)
  }

  /// When the last bit of a packet is on the line; `nil` if the queue is full.
  private mutating func depart(
    _ octetCount: Int, at instant: MonotonicInstant
  ) -> MonotonicInstant? {
    guard let rate = properties.rate else { return instant }
    let start = max(instant, freeAt)
    // The instants before `start` are the time that the queue takes to run empty.
    guard instant.advanced(byAtMost: properties.queue.time(at: rate)) >= start else { return nil }
    freeAt = start.advanced(byAtMost: rate.time(for: octetCount))
    return freeAt
  }

  private mutating func arrive(
    _ octets: [UInt8], after departure: MonotonicInstant, _ queue: inout ArrivalQueue,
    _ counters: inout SimulatedInternet.Counters
  ) {
    var octets = octets
    if let bit = chances.damagedBit(properties, of: octets.count) {
      counters.corrupted += 1
      octets[bit / 8] ^= 0x80 >> UInt8(bit % 8)
    }
    let delay = max(properties.delay + chances.jitter(properties), .zero)
    var due = departure.advanced(byAtMost: delay)
    if let lateness = chances.lateness(properties) {
      counters.late += 1
      due = due.advanced(byAtMost: lateness)
    } else {
      if !properties.reorders { due = max(due, lastArrival) }
      lastArrival = max(due, lastArrival)
    }
    if !queue.push(Arrival(due: due, place: end, octets: octets)) { counters.overflowed += 1 }
  }
}

extension MonotonicInstant {
  /// So much later, or at the end of time.
  fileprivate func advanced(byAtMost time: Nanoseconds) -> MonotonicInstant {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(time.count)
    return MonotonicInstant(nanoseconds: overflow ? .max : sum)
  }
}
