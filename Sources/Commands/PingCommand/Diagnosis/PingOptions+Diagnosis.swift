import CommandLineKit
import PacketWire
import ProbeEngine
import ProbeShell

extension PingOptions {
  static func sayDiagnosis(_ options: inout OptionWalk<PingOptions>) {
    options.flag(
      nil, "diagnose",
      help:
        "when a target stops answering, find the hop behind which nobody answers, with 30 probes at the most, twice a minute at the most"
    ) { $0.diagnoses = true }
  }

  /// What the search for a silent hop does not go with.
  func checkDiagnosis() throws(UsageError) {
    guard diagnoses else { return }
    let others = [
      ("a sweep, which wants one answer from each target", asks),
      ("a question that is no echo", question.isAsked), ("--mtu-search", paths.searchesMTU),
      ("--sizes", paths.sizes != nil),
      ("a flood, or -A", interval == .zero || isAdaptive),
      ("--csv, which has no row for it; --json has an event", figures.printsCSV),
      ("--live", figures.showsLive),
      ("--record, whose file has the session's own probes only", evidence.recordPath != nil),
      ("-b", allowsBroadcast),
    ]
    guard let other = others.first(where: \.1) else { return }
    throw UsageError("option '--diagnose' does not go with \(other.0)")
  }

  /// What so many targets are too many for.
  func checkDiagnosis(_ targets: PingTargets) throws(UsageError) {
    guard diagnoses else { return }
    guard targets.count <= FigureOptions.targetLimit else {
      throw UsageError(
        "option '--diagnose': \(FigureOptions.targetLimit) targets at the most, and these are "
          + "\(targets.count)")
    }
    guard !targets.targets.contains(where: { $0.address.isMulticast }) else {
      throw UsageError("option '--diagnose': a group has no hop of its own")
    }
  }
}
