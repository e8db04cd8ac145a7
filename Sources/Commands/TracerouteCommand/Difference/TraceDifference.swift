import CommandLineKit
import LinuxSystem
import OriginLookUp
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// `--diff BEFORE AFTER`: what has changed between two recorded traces.
enum TraceDifference {
  /// - Returns: 0 if nothing has changed, 1 if something has, 2 when not all of a file could be read.
  static func run(_ options: TracerouteOptions, operands: [String]) throws -> CInt {
    guard operands.count == 2 else {
      throw UsageError("--diff compares two recorded traces: name both files, the older one first")
    }
    try check(options)
    try Privileges.keepOnlyTheUsers()
    let traces = try operands.map { try RecordedTrace($0) }
    let (before, after) = (traces[0], traces[1])
    let comparison = PathComparison(try before.sketch(), try after.sketch())
    let origins = try options.origins.lookUp()
    let hops = comparison.before.hops + comparison.after.hops
    origins?.wait(for: hops.flatMap(\.addresses))
    let words = DifferenceWords(
      comparison: comparison, before: before, after: after, paths: operands, origins: origins,
      isNumeric: options.output.isNumeric)
    let findings = words.findings
    if let failure = print(words, findings, options) {
      return Tool.printFailure(tool: TracerouteCommand.toolName, "\(failure)")
    }
    for (trace, path) in zip(traces, operands) {
      guard let problem = trace.problem else { continue }
      return Tool.printFailure(
        tool: TracerouteCommand.toolName, "\(path) could not be read to its end: \(problem)")
    }
    return findings.isEmpty ? 0 : 1
  }

  private static func check(_ options: TracerouteOptions) throws(UsageError) {
    var rest = options
    (rest.output.isNumeric, rest.output.printsJSON) = (false, false)
    (rest.origins, rest.evidence.compares) = (OriginOptions(), false)
    guard rest == TracerouteOptions() else {
      throw UsageError(
        "--diff sends nothing: it goes with -n, --json, -A, --asn-zone and --asn-file only")
    }
    if options.origins.countryFile != nil {
      throw UsageError("--diff does not compare countries; leave out --country-file")
    }
  }

  private static func print(
    _ words: DifferenceWords, _ findings: [DifferenceWords.Finding], _ options: TracerouteOptions
  ) -> SystemError? {
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    if options.output.printsJSON {
      for finding in findings {
        words.append(finding, to: &output.text)
        output.endLine()
      }
      words.appendEnd(findings, to: &output.text)
      output.endLine()
    } else {
      for line in words.table + [""] + words.sentences(findings) {
        output.text.append(line)
        output.endLine()
      }
    }
    output.flush()
    return output.failure
  }
}
