import EventJSON
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// What is kept of each lane (a flow to a target) to compare sizes and flows at the end.
struct PathMeters {
  private let targets: PingTargets
  private var sizes: [SizeTally] = []
  private var delays: [[Nanoseconds]] = []

  /// How many delays of a flow are kept: the first ones, so that all flows are compared over the same
  /// time.
  private static let keptDelays = 2_048

  /// `nil` if nothing of this was asked for.
  init?(_ options: PathOptions, _ targets: PingTargets) {
    guard options.sizes != nil || targets.flows > 1 else { return nil }
    self.targets = targets
    if let sweep = options.sizes {
      sizes = [SizeTally](repeating: SizeTally(sweep), count: targets.count)
    }
    if targets.flows > 1 { delays = [[Nanoseconds]](repeating: [], count: targets.count) }
  }

  mutating func take(_ report: PingReport) {
    guard case .reply(let answer) = report, !answer.isDuplicate, answer.reply.isChecksumValid
    else { return }
    let lane = answer.probe.target
    if !sizes.isEmpty { sizes[lane].answer(number: answer.number) }
    guard !delays.isEmpty, delays[lane].count < Self.keptDelays else { return }
    delays[lane].append(answer.roundTrip.duration)
  }

  private func comparison(
    _ target: Int, _ session: borrowing PingSession
  ) -> FlowComparison {
    var flows: [FlowComparison.Flow] = []
    for lane in target * targets.flows..<(target + 1) * targets.flows {
      let summary = session.summary(of: lane)
      flows.append(
        .init(sent: summary.transmitted, received: summary.received, delays: delays[lane]))
    }
    return FlowComparison(flows)
  }
}

// MARK: - Text

extension PathMeters {
  /// Lines below the summary, each ended.
  func text(_ session: borrowing PingSession, _ text: inout TextBuffer) {
    for (lane, tally) in sizes.enumerated() {
      let runs = tally.runs(sent: session.summary(of: lane).transmitted)
      for (outcome, words) in [
        (SizeTally.Outcome.answered, "answered"), (.partly, "answered in part"),
        (.unanswered, "not answered"),
      ] {
        let some = runs.filter { $0.outcome == outcome }
        if !some.isEmpty { line(some, words, lane, tally.sweep.step, &text) }
      }
    }
    guard !delays.isEmpty else { return }
    for target in 0..<targets.count / targets.flows { line(target, session, &text) }
  }

  private func line(
    _ runs: [SizeTally.Run], _ words: String, _ lane: Int, _ step: Int, _ text: inout TextBuffer
  ) {
    if targets.count > 1 {
      text.append(SafeText.escaped(targets.label(of: lane)))
      text.append(": ")
    }
    text.append("sizes ")
    text.append(words)
    if step > 1 {
      text.append(", in steps of ")
      text.append(decimal: step)
    }
    for (index, run) in runs.enumerated() {
      text.append(index == 0 ? ": " : ", ")
      text.append(decimal: run.lengths.lowerBound)
      guard run.lengths.count > 1 else { continue }
      text.append("-")
      text.append(decimal: run.lengths.upperBound)
    }
    text.newline()
  }

  private func line(_ target: Int, _ session: borrowing PingSession, _ text: inout TextBuffer) {
    let comparison = comparison(target, session)
    text.append(SafeText.escaped(targets.name(of: target * targets.flows)))
    text.append(": ")
    switch comparison.delays {
    case nil: text.append("too few answers to compare the delays of the flows")
    case let verdict?:
      text.append("the flows' delays ")
      append(verdict, "Kruskal-Wallis H", &text)
    }
    text.append("; ")
    switch comparison.losses {
    case nil: text.append("too few losses to compare")
    case let verdict?:
      text.append("their losses ")
      append(verdict, "chi-square", &text)
    }
    text.newline()
  }

  private func append(
    _ verdict: FlowComparison.Verdict, _ test: String, _ text: inout TextBuffer
  ) {
    text.append(
      verdict.differs ? "differ by more than chance (" : "differ by no more than chance (")
    text.append(test)
    text.append(" ")
    Self.append(verdict.statistic, &text)
    text.append(", chance exceeds ")
    Self.append(verdict.critical, &text)
    text.append(" once in 100)")
  }

  private static func append(_ number: Double, _ text: inout TextBuffer) {
    text.append(fixedPoint: Int64(min(number * 10, 1e15).rounded()), places: 1)
  }
}

// MARK: - Events

extension PathMeters {
  /// `ping.sizes` of each lane and `ping.flows` of each target.
  func events(
    _ session: borrowing PingSession, _ events: PingEvents, at time: WallInstant,
    _ output: inout LineOutput
  ) {
    for (lane, tally) in sizes.enumerated() {
      let runs = tally.runs(sent: session.summary(of: lane).transmitted)
      events.sizes(lane, tally.sweep, runs, at: time, &output.text)
      output.endLine()
    }
    guard !delays.isEmpty else { return }
    for target in 0..<targets.count / targets.flows {
      events.flows(
        target * targets.flows, comparison(target, session), at: time, &output.text)
      output.endLine()
    }
  }
}

extension PingEvents {
  func sizes(
    _ lane: Int, _ sweep: PingSession.PayloadSweep, _ runs: [SizeTally.Run],
    at time: WallInstant, _ text: inout TextBuffer
  ) {
    text.appendEvent("ping.sizes") { event in
      event.field("time_ns", time)
      append(lane, to: &event)
      event.field("step", sweep.step)
      for (outcome, name) in [
        (SizeTally.Outcome.answered, "answered"), (.partly, "partly"),
        (.unanswered, "unanswered"),
      ] {
        event.array(name) { array in
          for run in runs where run.outcome == outcome {
            array.object {
              $0.field("from", run.lengths.lowerBound)
              $0.field("to", run.lengths.upperBound)
            }
          }
        }
      }
    }
  }

  func flows(
    _ lane: Int, _ comparison: FlowComparison, at time: WallInstant, _ text: inout TextBuffer
  ) {
    text.appendEvent("ping.flows") { event in
      event.field("time_ns", time)
      event.field("target", targets.name(of: lane))
      event.field("address", targets.targets[lane].address)
      event.field("flows", targets.flows)
      for (name, verdict) in [("delays", comparison.delays), ("losses", comparison.losses)] {
        guard let verdict else {
          event.null(name)
          continue
        }
        event.object(name) { object in
          object.field("differ", verdict.differs)
          object.field("statistic", verdict.statistic)
          object.field("critical", verdict.critical)
        }
      }
    }
  }
}
