import CommandLineKit
import ProbeShell

extension PingOptions {
  /// Packets are wanted as they are, and not only what they mean.
  var keepsPackets: Bool { evidence.keepsPackets || header.readsAnswers }

  static func sayEvidence(_ options: inout OptionWalk<PingOptions>) {
    options.group("Evidence")
    options.flag(
      nil, "explain",
      help: "show the first probe, its first answer and the first of each error field by field"
    ) { $0.evidence.explains = true }
    options.string(
      nil, "record", "FILE.pcapng",
      help:
        "write the probes and what comes back to this file, a comment on each; nobody else may read it"
    ) { $0.evidence.recordPath = $1 }
    options.string(
      nil, "replay", "FILE",
      help: "report on a recorded session, or on a ping that tcpdump captured; sends nothing"
    ) { $0.evidence.replayPath = $1 }
  }
}

extension EvidenceOptions {
  /// What does not go together.
  func check(_ options: PingOptions) throws(UsageError) {
    if let name = recordPath != nil ? "--record" : explains ? "--explain" : nil,
      options.paths.searchesMTU
    {
      throw UsageError("options '\(name)' and '--mtu-search': choose one")
    }
    if recordPath != nil, options.question.isAsked {
      throw UsageError("option '--record': only echo requests are recorded; leave out the question")
    }
    if recordPath == "" { throw UsageError("option '--record': the file has no name") }
    if explains, options.printsJSON || options.figures.printsCSV || options.figures.showsLive {
      throw UsageError("option '--explain' prints text: leave out --json, --csv and --live")
    }
    if explains, options.isFlood {
      throw UsageError("options '--explain' and '-f': a flood prints dots; leave one out")
    }
  }
}
