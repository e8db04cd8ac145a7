public import PacketWire

/// A proven answer to a question that is no echo request.
public struct PingAnswer: Hashable, Sendable {
  /// Which probe it answers, and how long that took.
  public var reply: PingReply
  /// What was asked.
  public var question: ProbeQuestion
  /// What it says.
  public var answer: QuestionReply
  /// How sure it is that it answers the probe.
  public var proof: QuestionReply.Proof
  /// How far the other clock is ahead, where that was asked and the answer tells.
  public var offset: ClockOffset?
}

/// The questions of a session, by family, instead of echo requests.
public struct ProbeQuestions: Sendable {
  /// For IPv4 targets.
  public var v4: QuestionProbe?
  /// For IPv6 targets.
  public var v6: QuestionProbe?

  /// Either or both.
  public init(v4: QuestionProbe? = nil, v6: QuestionProbe? = nil) { (self.v4, self.v6) = (v4, v6) }

  /// The one of a family.
  public subscript(family: IPFamily) -> QuestionProbe? {
    family == .v4 ? v4 : v6
  }
}

extension PingSession {
  /// Takes in an answer to one of the questions.
  mutating func takeIn(
    _ answer: QuestionReply, _ arrival: Arrival, at now: MonotonicInstant,
    _ effects: inout Effects
  ) {
    guard var question = configuration.questions?[answer.source.family],
      let entry = entry(question, answer.sequenceNumber)
    else { return }
    question.target = configuration.targets[Int(entry.target)].address
    let proof = question.proof(of: answer, number: entry.serial)
    let echo = EchoReply(answer)
    guard !answer.isChecksumValid || proof != .none else {
      summaries[Int(entry.target)].rejected += 1
      effects.reports.append(.rejected(entry.probe, echo))
      return
    }
    let roundTrip = entry.timing.roundTrip(to: arrival)
    var reply = PingReply(
      probe: entry.probe, reply: echo, roundTrip: roundTrip,
      isDuplicate: entry.state == .answered, isLate: entry.state == .lost, missingOctets: 0)
    count(&reply, entry, at: now)
    defer { noteAnswer(reply, entry, &effects) }
    guard configuration.reportsReplies else { return }
    effects.reports.append(
      .answer(
        PingAnswer(
          reply: reply, question: question.question, answer: answer, proof: proof,
          offset: offset(answer, entry.timing, arrival))))
  }

  /// The newest probe whose number has these low bits, if it is still remembered.
  func entry(_ question: QuestionProbe, _ sequenceNumber: UInt16) -> ProbeTable.Entry? {
    let newest = question.sequenceNumber(of: probes.newest)
    return probes.entry(
      behindNewest: (newest &- sequenceNumber) & question.question.sequenceMask)
  }

  private func offset(
    _ answer: QuestionReply, _ timing: ProbeTiming, _ arrival: Arrival
  ) -> ClockOffset? {
    guard answer.isChecksumValid, case .timestamps(let stamps) = answer.content else { return nil }
    // The bounds hold between a departure and an arrival by our clock, which a card's stamps are not.
    let roundTrip = timing.softwareRoundTrip(to: arrival)
    let stamp = roundTrip.source == .kernel ? timing.kernelStamp : nil
    return ClockOffset(
      stamps, sentAt: stamp ?? timing.clock.wall, roundTrip: roundTrip.duration)
  }
}

extension EchoReply {
  /// What all answers have.
  init(_ answer: QuestionReply) {
    self.init(
      sequenceNumber: answer.sequenceNumber, source: answer.source, timeToLive: answer.timeToLive,
      typeOfService: nil, length: answer.length, cookie: 0, cookieLength: 0, damage: nil,
      isChecksumValid: answer.isChecksumValid)
  }
}
