import CommandLineKit
import CountryData
import HostNaming
import LineFormat
import LinuxNet
import LinuxSystem
import NameResolution
import OriginLookUp
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// `traceroute-swift`, from its arguments to its exit code.
public enum TracerouteCommand {
  /// As it stands in messages.
  static let toolName = "traceroute-swift"

  /// Runs the tool.
  ///
  /// - Parameter arguments: what stands behind the tool's name.
  /// - Returns: 0 for a trace, 1 for none, 2 for a command line that cannot be run.
  public static func run(_ arguments: [String]) -> CInt {
    Signal.ignoreBrokenPipe()
    var options = TracerouteOptions()
    switch TracerouteOptions.table.start(arguments, into: &options) {
    case .exit(let code): return code
    case .run(let operands, let command):
      do {
        let operands = operands + (command ?? [])
        if options.evidence.compares {
          return try TraceDifference.run(options, operands: operands)
        }
        if let path = options.evidence.replayPath {
          return try TraceReplay.run(path, arguments: arguments, operands: operands)
        }
        return try run(options, operands: operands, arguments)
      } catch let error as UsageError {
        return Tool.printUsageError(tool: toolName, error: error)
      } catch let error as CountryFileError {
        return Tool.printFailure(tool: toolName, "\(error)")
      } catch let error as LineError {
        return Tool.printFailure(tool: toolName, "\(error)")
      } catch let error as ReplayFailure {
        return Tool.printFailure(tool: toolName, "\(error)")
      } catch let error as ResolutionError {
        return Tool.printFailure(tool: toolName, "\(error)")
      } catch {
        return Tool.printFailure(tool: toolName, "\(error)", exitCode: 1)
      }
    }
  }

  private static func run(
    _ options: TracerouteOptions, operands: [String], _ arguments: [String]
  ) throws -> CInt {
    if !options.many.files.isEmpty { return try traceMany(options, operands) }
    guard let host = operands.first else { throw UsageError("no target is given") }
    guard operands.count <= 2 else {
      throw UsageError("one target at a time, not also \(UsageError.quoted(operands[2]))")
    }
    var length = try operands.dropFirst().first.map { text throws(UsageError) in
      try packetLength(text)
    }
    var options = options
    try options.preparePathMTU(length: &length)
    if length != nil, options.kind.hasOwnLength {
      throw UsageError(
        "\(options.kind.rawValue) probes have a length of their own; leave out LENGTH")
    }
    try check(options)
    // Sockets first, then no privileges, and only then names and packets from the world.
    let v4 = try attempt(.v4, options)
    let v6 = try attempt(.v6, options)
    var record = try EvidenceFile(options.evidence.recordPath)
    try Privileges.dropAllCapabilities()
    try Privileges.becomeRealUser()
    try record.open()
    return try trace(options, host: host, length, v4, v6, record: record, arguments)
  }

  private static func trace(
    _ options: TracerouteOptions, host: String, _ length: Int?,
    _ v4: consuming TraceSocketsAttempt, _ v6: consuming TraceSocketsAttempt,
    record file: consuming EvidenceFile, _ arguments: [String]
  ) throws -> CInt {
    let origins = try options.origins.lookUp()
    let target = try ProbeTarget(host, family: options.onlyFamily, preferring: .v4)
    let family = target.endpoint.address.family
    if family == .v4, options.headers.flowLabel != nil {
      throw UsageError(
        "-l is for IPv6, and \(target.endpoint.addressText) is IPv4: -6 asks for the other")
    }
    let origin = try ProbeOrigin(for: target.endpoint, choices: options.origin.choices)
    var random = SystemRandomNumberGenerator()
    let plan = TracePlan(
      options: options, packetLength: length,
      cookieKey: EvidenceKey(random.next(), random.next()))
    var channel = try TraceChannel(
      family == .v4 ? try v4.take() : try v6.take(), to: target.endpoint, from: origin, plan)
    channel.keepsPackets = options.evidence.keepsPackets
    let scene = TraceScene(
      options: options, host: target.host, source: HostName.current, probe: channel.probe,
      names: HostNames(isEnabled: !options.output.isNumeric), origins: origins,
      clock: TraceClock(), explainer: options.evidence.explains ? TraceExplainer() : nil)
    var witness: TraceWitness?
    if channel.keepsPackets {
      let evidence = TraceEvidence(
        arguments: arguments, host: target.host, source: scene.source, probe: channel.probe,
        cookieKey: plan.cookieKey,
        number: channel.number, isRaw: channel.isRaw)
      witness = TraceWitness(scene, recorder: recorder(file, evidence, options))
    }
    return try trace(scene, on: LiveStage(channel, witness))
  }

  private static func recorder(
    _ file: consuming EvidenceFile, _ evidence: TraceEvidence, _ options: TracerouteOptions
  ) -> EvidenceRecorder? {
    guard let path = options.evidence.recordPath, let file = file.take() else { return nil }
    return EvidenceRecorder(file, path: path, evidence.session)
  }

  /// The engine and the reporter that the options ask for.
  static func trace<Stage: TraceStage & ~Copyable>(
    _ scene: TraceScene, on stage: consuming Stage
  ) throws -> CInt {
    let options = scene.options
    if options.monitor.mode != nil { return try watch(scene, on: stage) }
    if options.multipath.algorithm != nil {
      return try stage.perform(
        MultipathSession(options.multipath.configuration(options)), MultipathReporter(scene))
    }
    if options.rateLimit.isWanted {
      return try stage.perform(
        RateLimitTrace(options.rateLimit.configuration(options)), RateLimitReporter(scene))
    }
    if options.pathMTU.isWanted {
      return try stage.perform(
        PathMTUTrace(options, scene.probe), HopReporter<PathMTUTrace>(scene))
    }
    return try stage.perform(
      TraceSession(options.configuration), HopReporter<TraceSession>(scene))
  }

  /// What does not go together.
  static func check(_ options: TracerouteOptions) throws(UsageError) {
    guard options.firstTTL <= options.maximumTTL else {
      throw UsageError(
        "the first hop (\(options.firstTTL)) is behind the last (\(options.maximumTTL))")
    }
    // What `-O` says is wrong is said before anything is opened.
    _ = try TraceMethod(options, .v4, isRaw: true, number: 1)
    let families = [
      options.family, options.origin.source?.family, options.headers.gateways.isEmpty ? nil : .v4,
    ]
    if Set(families.compactMap { $0 }).count > 1 {
      throw UsageError("-4, -6, -s and -g are not of the same family")
    }
    if options.port ?? options.sourcePort != nil, [.icmp, .raw].contains(options.kind) {
      throw UsageError("\(options.kind.rawValue) probes have no port")
    }
    try options.multipath.check(options)
    if options.risesPort, options.kind != .udp {
      throw UsageError("--rising-port is for UDP probes, not \(options.kind.rawValue)")
    }
    try options.rateLimit.check(options)
    try options.monitor.check(options)
    try options.checkEvidence()
    try options.many.check(options)
  }

  static func attempt(
    _ family: IPFamily, _ options: TracerouteOptions
  ) throws(UsageError) -> TraceSocketsAttempt {
    let method = try TraceMethod(options, family, isRaw: true, number: 1)
    return TraceSocketsAttempt(
      method.protocolNumber(family), family: family, needsRaw: options.requiresRaw,
      origin: options.origin)
  }

  private static func packetLength(_ text: String) throws(UsageError) -> Int {
    do {
      return try NumberText.integer(text, in: 0...65_000)
    } catch {
      throw UsageError("packet length: \(error.message)")
    }
  }

  /// Says something on standard error, behind the tool's name.
  static func printDiagnostic(_ message: String) { Tool.printDiagnostic("\(toolName): \(message)") }
}

extension TracerouteOptions {
  /// The only family that the options leave.
  var onlyFamily: IPFamily? {
    family ?? origin.source?.family ?? (headers.gateways.isEmpty ? nil : .v4)
  }

  /// Without a raw socket some of what is asked for cannot be done.
  var requiresRaw: Bool {
    needsRaw || !kind.worksWithoutRaw || multipath.algorithm != nil && kind == .udp
      || !headers.gateways.isEmpty || headers.flowLabel != nil
  }

  /// How the session goes about it.
  var configuration: TraceSession.Configuration {
    var configuration = TraceSession.Configuration()
    (configuration.firstTTL, configuration.maximumTTL) = (firstTTL, maximumTTL)
    (configuration.queries, configuration.gap, configuration.wait) = (queries, gap, wait)
    if let window { configuration.window = window }
    configuration.asksTargetSingly = kind == .tcp || kind == .dccp
    return configuration
  }
}
