import CommandLineKit
import LinuxNet
import LinuxSystem
import NameResolution
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

extension TracerouteCommand {
  /// Traces all targets of the files that `--many` names.
  static func traceMany(_ options: TracerouteOptions, _ operands: [String]) throws -> CInt {
    if let operand = operands.first {
      throw UsageError(
        "\(UsageError.quoted(operand)): --many has the targets of FILE only, one a line")
    }
    try check(options)
    // Sockets first, then no privileges, and only then names and packets from the world.
    let v4 = try attempt(.v4, options)
    let v6 = try attempt(.v6, options)
    try Privileges.dropAllCapabilities()
    // The files are the user's choice, and are read with his rights.
    try Privileges.becomeRealUser()
    var reader = TargetReader(
      family: options.onlyFamily, resolve: addresses, report: { printDiagnostic("\($0)") })
    for file in options.many.files { try reader.add(file: file) }
    let targets = reader.list
    if targets.isEmpty, reader.failures == 0 {
      throw UsageError("no target stands in what --many names")
    }
    guard !targets.isEmpty else { return Tool.usageExitCode }
    var random = SystemRandomNumberGenerator()
    let plan = TracePlan(
      options: options, packetLength: nil,
      cookieKey: EvidenceKey(random.next(), random.next()))
    let code = try traceMany(targets, plan, v4, v6)
    return reader.failures > 0 ? Tool.usageExitCode : code
  }

  private static func traceMany(
    _ targets: TargetList, _ plan: TracePlan, _ v4: consuming TraceSocketsAttempt,
    _ v6: consuming TraceSocketsAttempt
  ) throws -> CInt {
    let options = plan.options
    var configuration = options.many.configuration(options)
    func has(_ family: IPFamily) -> Bool {
      targets.contains { $0.endpoint.address.family == family }
    }
    let near = has(.v4) ? try ManyChannel(try v4.take(), .v4, plan) : nil
    let far = has(.v6) ? try ManyChannel(try v6.take(), .v6, plan) : nil
    configuration.wireLimit = min(wireLimit(near), wireLimit(far))
    let engine = ManyTraces(configuration, targetCount: targets.count) {
      targets[$0].endpoint.address
    }
    var shell = ManyShell(engine, targets, near, far, ManyReporter(options, targets))
    return try shell.run()
  }

  /// IPv4 before IPv6, as a plain trace has it.
  private static func addresses(
    _ host: String, family: IPFamily?
  ) throws(ResolutionError) -> [Endpoint] {
    let endpoints = try NameResolver.addresses(of: host, family: family)
    return endpoints.filter { $0.address.family == .v4 }
      + endpoints.filter { $0.address.family == .v6 }
  }

  private static func wireLimit(_ channel: borrowing ManyChannel?) -> Int {
    switch channel {
    case .some(let channel): channel.wireLimit
    case .none: ManyConfiguration().wireLimit
    }
  }
}
