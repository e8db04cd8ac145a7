import PacketWire

/// Where a link ends.
enum Place: Sendable {
  /// At an interface of a router, by their places in `Network.routers` and `Router.interfaces`.
  case router(Int, interface: Int)
  /// At a host.
  case attachment(AttachmentPoint)
}

/// One direction of a link.
struct DirectedLink: Sendable {
  /// Where packets come out.
  let end: Place
  private let properties: LinkProperties
  private var generator: SeededGenerator
  private var lastArrival = MonotonicInstant(nanoseconds: .min)

  /// A link that draws its own numbers from `generator`, so that what happens on one link does not
  /// depend on the traffic of another.
  init(to end: Place, _ properties: LinkProperties, _ generator: SeededGenerator) {
    (self.end, self.properties, self.generator) = (end, properties, generator)
  }

  /// When a packet sent at `instant` arrives; `nil` if it is lost.
  mutating func transmit(at instant: MonotonicInstant) -> MonotonicInstant? {
    let isLost = properties.loss.happens(&generator)
    var delay = properties.delay
    if properties.jitter > .zero {
      let span = UInt64(2 * properties.jitter.count + 1)
      delay = delay - properties.jitter + Nanoseconds(Int64(generator.next(below: span)))
    }
    guard !isLost else { return nil }
    // Saturating, so that an instant at the end of time does not trap.
    let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(max(delay, .zero).count)
    var arrival = MonotonicInstant(nanoseconds: overflow ? .max : sum)
    if !properties.reorders { arrival = max(arrival, lastArrival) }
    lastArrival = max(arrival, lastArrival)
    return arrival
  }
}

extension Probability {
  /// Draws once. Certain things draw too, so that changing a probability to or from certainty does
  /// not shift the numbers of all later packets.
  func happens(_ generator: inout SeededGenerator) -> Bool {
    generator.next(below: 1_000_000) < perMillion
  }
}
