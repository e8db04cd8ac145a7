import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import Testing

@Suite("What Linux answers that is no echo reply", .inOwnNetwork)
struct KernelAnswersTests {
  /// The answer to probe 0x1_0203 on loopback, and when and how fast it came.
  private struct Answer {
    var reply: QuestionReply
    var proof: QuestionReply.Proof
    var sent: WallInstant
    var roundTrip: Nanoseconds
  }

  private func ask(_ question: ProbeQuestion, family: IPFamily) throws -> Answer {
    let host: IPAddress = family == .v4 ? .v4(.loopback) : .v6(.loopback)
    let probe = QuestionProbe(
      question, target: host, source: host, identifier: 0x5158,
      cookies: KeyedCookie(key: 0x0123_4567_89ab_cdef, 7))
    let socket = try MessageSocket(.raw(family == .v4 ? .icmp : .icmpv6), family: family)
    var buffer = [UInt8](repeating: 0, count: 200)
    let (sent, start) = (WallClock.now(), MonotonicClock.now())
    try socket.send(probe.message(number: 0x1_0203).span, to: Endpoint(host))
    try awaitDelivery()
    // Our own request, and the answer.
    while let received = try socket.receive(into: &buffer) {
      let roundTrip = MonotonicClock.now() - start
      let arrival = probe.decode(
        buffer.span.extracting(first: received.count),
        framing: family == .v4 ? .packet : .message,
        fields: ArrivalFields(source: host, timeToLive: nil))
      guard case .answer(let reply) = arrival else { continue }
      return Answer(
        reply: reply, proof: probe.proof(of: reply, number: 0x1_0203), sent: sent,
        roundTrip: roundTrip)
    }
    throw NoAnswer()
  }

  private struct NoAnswer: Error {}

  @Test("the time of day, which our own clock has too")
  func timestamps() throws {
    try inOwnNetwork {
      let answer = try ask(.timestamp, family: .v4)
      #expect(answer.proof == .keyed && answer.reply.sequenceNumber == 0x0203)
      guard case .timestamps(let stamps) = answer.reply.content else { throw NoAnswer() }
      let offset = ClockOffset(stamps, sentAt: answer.sent, roundTrip: answer.roundTrip)
      let known = try #require(offset)
      #expect(known.lower <= .zero && known.upper >= .zero, "\(known)")
    }
  }

  @Test("the state of interfaces by name, number and address", arguments: IPFamily.allCases)
  func interfaces(family: IPFamily) throws {
    try inOwnNetwork {
      try writeExistingFile("/proc/sys/net/ipv4/icmp_echo_enable_probe", "1")
      let state = ICMPInterfaceState(isActive: true, runsIPv4: true, runsIPv6: true)
      for (subject, code, expected) in [
        (.name(Array("lo".utf8)), 0, state), (.index(1), 0, state),
        (.address(.v4(.loopback)), 0, state), (.address(.v6(.loopback)), 0, state),
        (.name(Array("nothing".utf8)), 2, ICMPInterfaceState(rawValue: 0)),
        (.index(4_711), 2, ICMPInterfaceState(rawValue: 0)),
      ] as [(ICMPInterfaceIdentification.Subject, UInt8, ICMPInterfaceState)] {
        let answer = try ask(.interface(InterfaceQuestion(subject)), family: family)
        #expect(answer.proof == .keyed && answer.reply.sequenceNumber == 3, "\(subject)")
        #expect(answer.reply.content == .interface(code: code, expected), "\(subject)")
      }
    }
  }
}
