import CommandLineKit
import LinuxNet
import LinuxSystem
import NameResolution
import PacketWire
import ProbeEngine
import ProbeShell

/// `ping-swift`, from its arguments to its exit code.
public enum PingCommand {
  /// As it stands in messages.
  static let toolName = "ping-swift"

  /// Runs the tool.
  ///
  /// - Parameter arguments: what stands behind the tool's name.
  /// - Returns: 0 for an answer, 1 for none, 2 for anything else.
  public static func run(_ arguments: [String]) -> CInt {
    Signal.ignoreBrokenPipe()
    var options = PingOptions()
    switch PingOptions.table.start(arguments, into: &options) {
    case .exit(let code): return code
    case .run(let operands, let command):
      do {
        return try run(options, operands: operands + (command ?? []), arguments)
      } catch let error as UsageError {
        return Tool.printUsageError(tool: toolName, error: error)
      } catch {
        return Tool.printFailure(tool: toolName, "\(error)")
      }
    }
  }

  private static func run(
    _ given: PingOptions, operands: [String], _ arguments: [String]
  ) throws -> CInt {
    if let path = given.evidence.replayPath {
      return try PingReplay.run(path, arguments: arguments, operands: operands)
    }
    var options = given
    if options.question.wantsHelp { return QuestionOptions.printHelp() }
    try options.check(operands)
    let choices = options.origins.map { ProbeOrigin.Choice($0) }
    let family =
      options.family ?? choices.lazy.compactMap(\.family).first
      ?? (operands.count == 1 ? IPAddress(operands[0])?.family : nil)
    // Sockets first, then no privileges, and only then names and packets from the world.
    let v4 = SocketAttempt(family: .v4, needsRaw: options.needsRaw)
    let v6 = SocketAttempt(family: .v6, needsRaw: options.needsRaw)
    if family != .v6 { try v4.prepare(options) }
    if family != .v4 { try v6.prepare(options) }
    let stamps = try options.stampedInterface.map { try HardwareStamps($0) }
    defer { extendLifetime(stamps) }
    var record = try EvidenceFile(options.evidence.recordPath)
    try Privileges.dropAllCapabilities()
    try Privileges.becomeRealUser()
    try record.open()
    let others = try options.takeTimestampHosts(operands)
    let (targets, failures) = try find(others, options, family: family)
    guard targets.count > 0 else { return Tool.usageExitCode }
    try options.check(targets: targets.count)
    try options.checkDiagnosis(targets)
    let run = try PingSetup(options, targets: targets, choices: choices)
    if run.origin?.isBroadcast == true {
      Tool.printDiagnostic("WARNING: pinging broadcast address")
    }
    var channels: [EchoChannel] = []
    if targets.has(.v4) { channels.append(try run.channel(try v4.take())) }
    if targets.has(.v6) { channels.append(try run.channel(try v6.take())) }
    if options.paths.searchesMTU {
      var search = MTUShell(channels[0], targets, printsJSON: options.printsJSON)
      return try search.run()
    }
    var shell = run.shell(channels, record: record, arguments: arguments)
    let code = try shell.run()
    return failures > 0 ? Tool.usageExitCode : code
  }

  /// Finds the targets; each name that has no address is told, and the others go on.
  private static func find(
    _ operands: [String], _ options: PingOptions, family: IPFamily?
  ) throws -> (targets: PingTargets, failures: Int) {
    var reader = TargetReader(
      family: family, takesAllAddresses: options.takesAllAddresses,
      report: { Tool.printDiagnostic("\(toolName): \($0)") })
    for operand in operands { try reader.add(operand: operand) }
    for file in options.targetFiles { try reader.add(file: file) }
    guard reader.list.count * options.paths.flows <= PingTargets.maximumCount else {
      throw UsageError(
        "\(reader.list.count) targets are more than the \(PingTargets.maximumCount) of one run")
    }
    return (PingTargets(reader.list, flows: options.paths.flows), reader.failures)
  }
}
