import CaptureFile
import CommandLineKit
import LinuxSystem
import LiveCapture
import PacketFields
import PacketWire
import TerminalText

extension SniffCommand {
  /// Captures on an interface, around a command if there is one.
  static func captureLive(
    _ options: SniffOptions, filter: String, fields: [PacketField]?,
    statistics: StatisticsChoice?, command: [String]?
  ) throws -> CInt {
    // The command's packets may leave by any interface, and its name look-ups by another.
    let interface = try options.interface ?? (command == nil ? CaptureDevice.preferred() : "any")
    var settings = LiveCapture.Settings(interface: interface)
    settings.snapshotLength = keptLength(options)
    settings.isPromiscuous = !options.isNotPromiscuous
    settings.isImmediate =
      command == nil && options.writeFile == nil
      && (options.tellsStory || StandardStream.isTerminal(StandardStream.output))
    let capture = try LiveCapture(settings)
    if !filter.isEmpty { try capture.setFilter(filter) }
    // From here on a signal asks for the summary. Not before: a filter may look names up for long.
    let signals = try SignalSource([.interrupt, .terminate])
    let file = try options.writeFile.map { path throws(SystemError) in
      try output(
        path, for: capture.linkType, of: interface, filter: filter,
        snapshotLength: settings.snapshotLength)
    }
    let start = WallClock.now()
    // Forked while there are privileges to lose: it waits behind its gate, and ours go first.
    let child = try command.map { words throws(SystemError) in try ChildProcess(request(words)) }
    try Privileges.dropAllCapabilities()
    announce(options, capture, interface, settings.snapshotLength)
    var sink = PacketSink(
      options, file: file, holdsOutput: command != nil, waitsForNames: false, fields: fields,
      statistics: statistics)
    var source = LiveSource(capture, signals: signals, child: child, count: options.lastNumber)
    let result = Result { try source.run(into: &sink) }
    if let statistics = source.statistics { sink.keep(counts(statistics, since: start)) }
    sink.finish()
    reportStatistics(source.statistics, isQuiet: options.tellsStory || options.printsJSON)
    switch result {
    case .success(let exit):
      let code = finish(sink.failure)
      return code != 0 ? code : exit?.shellCode ?? 0
    case .failure(let error as SystemError) where error.isNotFound:
      return Tool.printFailure(tool: toolName, "\(error)", exitCode: 127)
    case .failure(let error as SystemError) where command != nil && error.isPermission:
      return Tool.printFailure(tool: toolName, "\(error)", exitCode: 126)
    case .failure(let error): return Tool.printFailure(tool: toolName, "\(error)", exitCode: 1)
    }
  }

  /// The file to be written, with what is known before the first packet: a capture without packets
  /// is a file all the same.
  private static func output(
    _ path: String, for linkType: LinkType, of interface: String, filter: String,
    snapshotLength: Int
  ) throws(SystemError) -> CaptureOutput {
    var file = try CaptureOutput(path, snapshotLength: snapshotLength)
    let release = try? LinuxSystem::readFile("/proc/sys/kernel/osrelease").prefix { $0 > 0x20 }
    file.begin(
      CaptureSection(
        operatingSystem: "Linux \(release.map { String(decoding: $0, as: UTF8.self) } ?? "")"))
    file.append(
      CaptureInterface(
        linkType: linkType, snapshotLength: UInt32(clamping: snapshotLength), name: interface,
        filter: filter.isEmpty ? nil : filter))
    file.flush()
    return file
  }

  /// What libpcap counted: packets that passed the filter, also those that were then lost.
  private static func counts(
    _ statistics: LiveCapture.Statistics, since start: WallInstant
  ) -> InterfaceStatistics {
    let now = WallClock.now()
    return InterfaceStatistics(
      interface: 0, time: now, start: start, end: now,
      droppedByInterface: UInt64(statistics.droppedByInterface),
      acceptedByFilter: UInt64(statistics.received),
      droppedBySystem: UInt64(statistics.droppedByKernel))
  }

  /// The command, run as the user who called sudo if somebody did.
  private static func request(_ words: [String]) -> Command {
    var command = Command(words)
    if let user = Privileges.environment("SUDO_UID").flatMap({ UInt32($0) }),
      let group = Privileges.environment("SUDO_GID").flatMap({ UInt32($0) }), user != 0
    {
      command.identity = Command.Identity(user: user, group: group)
    }
    return command
  }

  /// tcpdump's first line; a story and a stream of events have no use for it.
  private static func announce(
    _ options: SniffOptions, _ capture: borrowing LiveCapture, _ interface: String,
    _ snapshotLength: Int
  ) {
    if let warning = capture.warning {
      Tool.printDiagnostic("\(toolName): \(warning)")
    }
    guard !options.tellsStory, !options.printsJSON else { return }
    Tool.printDiagnostic(
      "listening on \(interface), link-type \(capture.linkType.rawValue), "
        + "snapshot length \(snapshotLength) bytes")
  }

  private static func reportStatistics(_ statistics: LiveCapture.Statistics?, isQuiet: Bool) {
    guard let statistics else { return }
    if !isQuiet || statistics.droppedByKernel > 0 {
      Tool.printDiagnostic("\(statistics.received) packets received by filter")
      Tool.printDiagnostic("\(statistics.droppedByKernel) packets dropped by kernel")
    }
  }
}
