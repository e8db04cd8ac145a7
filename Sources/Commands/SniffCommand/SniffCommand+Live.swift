import CommandLineKit
import LinuxSystem
import LiveCapture
import PacketFields
import PacketWire
import TerminalText

extension SniffCommand {
  /// Captures on an interface, around a command if there is one.
  static func captureLive(
    _ options: SniffOptions, filter: String, fields: [PacketField]?, command: [String]?
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
      try CaptureOutput(
        path, linkType: capture.linkType, snapshotLength: settings.snapshotLength)
    }
    // Forked while there are privileges to lose: it waits behind its gate, and ours go first.
    let child = try command.map { words throws(SystemError) in try ChildProcess(request(words)) }
    try Privileges.dropAllCapabilities()
    announce(options, capture, interface, settings.snapshotLength)
    var sink = PacketSink(
      options, file: file, holdsOutput: command != nil, waitsForNames: false, fields: fields)
    var source = LiveSource(capture, signals: signals, child: child, count: options.count)
    let result = Result { try source.run(into: &sink) }
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
