public import PacketWire

/// Looks for the largest packet that gets to a target and back unfragmented, one echo request at a
/// time, without a socket, a clock or a terminal.
///
/// What routers say (RFC 1191, RFC 8201) shows where to look and is never believed: only a size that
/// was answered passes, and the one above it has to fail (RFC 8899 §5). So the search needs no help
/// from ICMP, and finds links that drop long packets and tell nobody. Common sizes are tried first,
/// then halves.
public struct MTUSearch: Sendable {
  /// What the shell tells.
  public enum Event: Sendable {
    /// Begin.
    case start
    /// A time that was asked for has come.
    case timer
    /// This host's kernel refused the probe: its own link does not take it, or nothing can be sent.
    case sendFailed(serial: UInt64, isTooLong: Bool)
    /// Something came in.
    case arrived(EchoArrival)
    /// The user has had enough.
    case interrupted
  }

  /// What the shell is to do.
  public struct Effects: Sendable {
    /// Send this probe.
    public var send: (serial: UInt64, packetLength: Int)?
    /// Tell the user.
    public var steps: [MTUStep] = []

    /// Nothing to do.
    public init() {}
  }

  /// Who is asked.
  public let target: IPAddress
  /// When to come back with `timer`.
  public private(set) var wakeAt: MonotonicInstant?
  /// What was found, once the search is over.
  public private(set) var result: MTUResult?

  private let request: EchoRequest
  private var bounds: MTUBounds
  private var current = 0
  private var tries = 0
  private var probes = 0
  private var serial: UInt64 = 0
  private var sentAt = MonotonicInstant(nanoseconds: 0)
  private var longest: Nanoseconds?

  /// A size without an answer is tried so often.
  public static let triesPerSize = 3
  /// The search ends after so many packets, whatever is known.
  public static let mostProbes = 64
  private static let usualTimeout = Nanoseconds.seconds(1)
  private static let shortestTimeout = Nanoseconds.milliseconds(100)

  /// A search that has not begun.
  ///
  /// - Parameters:
  ///   - target: who is asked.
  ///   - request: builds the probes; its payload is the longest that will be tried.
  public init(_ target: IPAddress, _ request: EchoRequest) {
    (self.target, self.request) = (target, request)
    bounds = MTUBounds(
      target.family, longest: request.payloadLength + Self.headerLength(target.family))
  }

  /// Of the IP and the ICMP header, in octets.
  public static func headerLength(_ family: IPFamily) -> Int {
    (family == .v4 ? IPv4Header.minimumLength : IPv6Header.length) + ICMPv4Header.length
  }

  /// Takes in one event at `now`.
  public mutating func step(
    _ event: Event, at now: MonotonicInstant, _ effects: inout Effects
  ) {
    guard result == nil else { return }
    switch event {
    case .start: proceed(at: now, &effects)
    case .timer:
      guard let wakeAt, wakeAt <= now else { return }
      tries < Self.triesPerSize && probes < Self.mostProbes
        ? send(at: now, &effects) : settle(.silent, at: now, &effects)
    case .sendFailed(let failed, let isTooLong):
      guard failed == serial else { return }
      probes -= 1
      settle(isTooLong ? .refused : .silent, at: now, &effects)
    case .arrived(.reply(let reply)): takeIn(reply, at: now, &effects)
    case .arrived(.error(let sequence, let target, let error)):
      guard target == self.target, isCurrent(sequence), let mtu = error.nextHopMTU
      else { return }
      settle(.tooBig(says: mtu, from: error.source), at: now, &effects)
    case .arrived(.answer): break
    case .interrupted: finish(isComplete: false)
    }
  }

  private mutating func takeIn(
    _ reply: EchoReply, at now: MonotonicInstant, _ effects: inout Effects
  ) {
    let length = current - Self.headerLength(target.family)
    guard isCurrent(reply.sequenceNumber), reply.isChecksumValid, reply.source == target,
      reply.length == length + ICMPv4Header.length,
      request.isAuthentic(reply, serial: serial - age(of: reply.sequenceNumber), length: length)
    else { return }
    let roundTrip = max(now - sentAt, .zero)
    longest = max(longest ?? .zero, roundTrip)
    settle(.passed(roundTrip), at: now, &effects)
  }

  /// What comes for an earlier try of this size says the same as what comes for the last.
  private func isCurrent(_ sequenceNumber: UInt16) -> Bool { age(of: sequenceNumber) < tries }

  private func age(of sequenceNumber: UInt16) -> UInt64 {
    UInt64(request.sequenceNumber(of: serial) &- sequenceNumber)
  }

  private mutating func settle(
    _ outcome: MTUStep.Outcome, at now: MonotonicInstant, _ effects: inout Effects
  ) {
    effects.steps.append(MTUStep(packetLength: current, outcome: outcome, tries: tries))
    bounds.note(current, outcome)
    tries = 0
    proceed(at: now, &effects)
  }

  private mutating func proceed(at now: MonotonicInstant, _ effects: inout Effects) {
    guard probes < Self.mostProbes, let next = bounds.next else {
      return finish(isComplete: bounds.next == nil)
    }
    current = next
    send(at: now, &effects)
  }

  private mutating func send(at now: MonotonicInstant, _ effects: inout Effects) {
    serial += 1
    tries += 1
    probes += 1
    sentAt = now
    effects.send = (serial, current)
    let timeout = longest.map { max(Nanoseconds($0.count * 4), Self.shortestTimeout) }
    wakeAt = now + min(timeout ?? Self.usualTimeout, Self.usualTimeout)
  }

  private mutating func finish(isComplete: Bool) {
    wakeAt = nil
    result = bounds.result(probes: probes, isComplete: isComplete)
  }
}

extension ICMPErrorReport {
  /// The MTU that a router names: "fragmentation needed" (RFC 1191 §4; 0 from routers older than it)
  /// or "packet too big" (RFC 4443 §3.2).
  var nextHopMTU: Int? {
    switch (family, type, code) {
    case (.v4, 3, 4): Int(detail & 0xffff)
    case (.v6, 2, _): Int(detail)
    default: nil
    }
  }
}
