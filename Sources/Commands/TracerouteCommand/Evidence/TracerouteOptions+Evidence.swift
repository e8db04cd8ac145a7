import CommandLineKit
import ProbeShell

extension TracerouteOptions {
  static func sayEvidence(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("Evidence")
    options.flag(
      nil, "explain",
      help: "show below the trace the first probe and the first answer of each kind field by field"
    ) { $0.evidence.explains = true }
    options.string(
      nil, "record", "FILE.pcapng",
      help:
        "write the probes and what comes back to this file, a comment on each; nobody else may read it"
    ) { $0.evidence.recordPath = $1 }
    options.string(
      nil, "replay", "FILE", help: "report on a recorded trace; sends nothing"
    ) { $0.evidence.replayPath = $1 }
    options.flag(
      nil, "diff",
      help: """
        compare two recorded traces, named instead of a target, the older one first: hops, ways, systems (with \
        -A or --asn-file), path MTU and delay
        """
    ) { $0.evidence.compares = true }
  }

  /// What does not go together.
  func checkEvidence() throws(UsageError) {
    if evidence.recordPath == "" { throw UsageError("option '--record': the file has no name") }
    guard evidence.explains else { return }
    if output.printsJSON { throw UsageError("option '--explain' prints text: leave out --json") }
    if multipath.algorithm != nil || monitor.mode != nil {
      throw UsageError(
        "--explain is of a plain trace; leave it out with --mda, --report, --live and --monitor")
    }
  }
}
