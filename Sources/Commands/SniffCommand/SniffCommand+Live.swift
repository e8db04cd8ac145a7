import CaptureFile
import CommandLineKit
import LinuxSystem
import LiveCapture
import PacketFields
import PacketWire
import TerminalText

extension SniffCommand {
  /// Captures on interfaces, around a command if there is one.
  static func captureLive(
    _ options: SniffOptions, filter: PacketFilter, fields: FieldChoice,
    statistics: StatisticsChoice?, streams: StreamTaker?, command: [String]?
  ) throws -> CInt {
    let user = try self.user(options)
    // Helpers hold none of what is opened from here on.
    let owners = try options.capture.owners(hasCommand: command != nil).map {
      plan throws(SystemError) in try FlowOwners(plan, hasCommand: command != nil)
    }
    if command != nil { try ProcessTable.takeInOrphans() }
    let plan = try CaptureOutputs.Plan(options, user: user)
    let interfaces = try [CapturedInterface].open(options, hasCommand: command != nil)
    try checkLinkTypes(interfaces, options)
    let programs = try self.programs(filter, interfaces)
    try interfaces.limit(to: programs)
    let scout = try owners.map { try FlowScout(beside: interfaces, programs, tells: $0) }
    // From here on a signal asks for the summary. Not before: a filter may look names up for long.
    let signals = try SignalSource(endings + [.user1], staysBlocked: true)
    var outputs = try plan.open()
    outputs.begin { $0.begin(interfaces, filter: filter.expression) }
    let start = WallClock.now()
    // Forked while there are privileges to lose: it waits behind its gate, and ours go first.
    let child = try command.map { words throws(SystemError) in try ChildProcess(request(words)) }
    try giveUpPrivileges(options, streams, user)
    if let user { Tool.printDiagnostic("dropped privs to \(user.name)") }
    announce(options, interfaces)
    var sink = PacketSink(
      options, outputs, holdsOutput: command != nil, waitsForNames: false, fields: fields,
      statistics: statistics, streams: streams)
    if interfaces.count > 1 { sink.name(interfaces.map(\.name)) }
    var source = LiveSource(interfaces, signals: signals, child: child, scout: scout, options)
    let result = Result { try source.run(into: &sink) }
    for (index, interface) in interfaces.enumerated() {
      sink.keep(interface.counts(index: index, since: start))
    }
    sink.finish()
    if let remark = sink.remark { Tool.printDiagnostic("\(toolName): \(remark)") }
    report(source.counts, isQuiet: options.tellsStory || options.printsJSON)
    if let count = owners?.goneCount, count > 0 {
      Tool.printDiagnostic(
        "\(toolName): \(count) of them may be another process's: their sockets were gone before they "
          + "could be asked for")
    }
    return code(of: result, sink.failure, hasCommand: command != nil)
  }

  /// The filter, compiled for each interface; none if all packets are wanted.
  private static func programs(
    _ filter: PacketFilter, _ interfaces: [CapturedInterface]
  ) throws -> [FilterProgram] {
    guard !filter.isEmpty else { return [] }
    return try interfaces.map { interface in
      let program = try filter.program(for: interface)
      if program.matchesNothing { filter.warn(of: "on \(interface.name)") }
      return program
    }
  }

  /// What ends a capture. Where nohup has SIGHUP ignored, it does not.
  private static var endings: [Signal] {
    Signal.hangUp.isIgnored ? [.interrupt, .terminate] : [.interrupt, .terminate, .hangUp]
  }

  /// Gives up what this process may beyond its user, when all is open that needs it. Whoever called
  /// sudo owns a page and the folders of exported objects and streams, and nothing can be replaced or
  /// made by us then that they could not; a chosen user (-Z) takes that place.
  static func giveUpPrivileges(
    _ options: SniffOptions, _ streams: StreamTaker?, _ user: SystemUser?
  ) throws {
    if let user {
      try Privileges.become(user)
    } else if options.reportFile != nil || options.exportFolder != nil
      || options.streamFolder != nil,
      let caller = Privileges.callerOfSudo
    {
      try Privileges.become(caller)
    }
    try streams?.begin()
    try Privileges.dropAllCapabilities()
    // Told now, and not when the capture is over.
    if let path = options.reportFile { try checkReplaceable(path) }
  }

  /// Who we are to become.
  static func user(_ options: SniffOptions) throws -> SystemUser? {
    guard let name = options.capture.user else { return nil }
    guard let user = SystemUser(named: name) else {
      throw UsageError("there is no user \(UsageError.quoted(name))")
    }
    return user
  }

  /// A pcap file has one link type.
  private static func checkLinkTypes(
    _ interfaces: [CapturedInterface], _ options: SniffOptions
  ) throws(UsageError) {
    guard let path = options.writeFile, !path.hasSuffix(CaptureOutput.pcapngSuffix),
      Set(interfaces.map(\.linkType)).count > 1
    else { return }
    throw UsageError(
      "these interfaces have several link types, and a pcap file has one; write to a name that "
        + "ends in \(CaptureOutput.pcapngSuffix)")
  }

  private static func code(
    of result: Result<ProcessExit?, any Error>, _ failure: SystemError?, hasCommand: Bool
  ) -> CInt {
    switch result {
    case .success(let exit):
      let code = finish(failure)
      return code != 0 ? code : exit?.shellCode ?? 0
    case .failure(let error as SystemError) where error.isNotFound:
      return Tool.printFailure(tool: toolName, "\(error)", exitCode: 127)
    case .failure(let error as SystemError) where hasCommand && error.isPermission:
      return Tool.printFailure(tool: toolName, "\(error)", exitCode: 126)
    case .failure(let error): return Tool.printFailure(tool: toolName, "\(error)", exitCode: 1)
    }
  }

  /// The command, run as the user who called sudo if somebody did.
  private static func request(_ words: [String]) -> Command {
    var command = Command(words)
    command.identity = Privileges.callerOfSudo
    return command
  }

  /// tcpdump's first line; a story and a stream of events have no use for it.
  private static func announce(_ options: SniffOptions, _ interfaces: [CapturedInterface]) {
    for interface in interfaces {
      if let warning = interface.capture.warning {
        Tool.printDiagnostic("\(toolName): \(warning)")
      }
      guard !options.tellsStory, !options.printsJSON else { continue }
      Tool.printDiagnostic(
        "listening on \(interface.name), link-type \(interface.capture.dataLink.words), "
          + "snapshot length \(interface.snapshotLength) bytes")
    }
  }

  private static func report(_ counts: CaptureCounts, isQuiet: Bool) {
    if !isQuiet || counts.statistics.droppedByKernel > 0 { counts.report() }
  }
}

extension CaptureOutput {
  /// Writes what is known before the first packet: a capture without packets is a file all the same.
  mutating func begin(_ interfaces: [CapturedInterface], filter: String) {
    let release = try? readFile("/proc/sys/kernel/osrelease").prefix { $0 > 0x20 }
    begin(
      CaptureSection(
        operatingSystem: "Linux \(release.map { String(decoding: $0, as: UTF8.self) } ?? "")"))
    for interface in interfaces { append(interface.described(filter: filter)) }
    flush()
  }
}
