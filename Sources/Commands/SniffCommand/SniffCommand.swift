import CaptureFile
import CommandLineKit
import LinuxSystem
import LiveCapture
import PacketText
import PacketWire
import TerminalText

/// `sniff-swift`, from its arguments to its exit code.
public enum SniffCommand {
  /// As it stands in messages.
  static let toolName = "sniff-swift"

  /// Runs the tool.
  ///
  /// - Parameter arguments: what stands behind the tool's name.
  /// - Returns: 0 or the command's own code, 1 for a capture that went wrong, 2 for one that could
  ///   not begin.
  public static func run(_ arguments: [String]) -> CInt {
    Signal.ignoreBrokenPipe()
    var options = SniffOptions()
    switch SniffOptions.table.start(arguments, into: &options) {
    case .exit(let code): return code
    case .run(let operands, let command):
      do {
        // Files are named by the user, and to read them takes nobody else's rights.
        if options.readFile != nil || options.capture.fileList != nil {
          try Privileges.keepOnlyTheUsers()
        }
        return try run(
          options, filter: try FilterText.filter(operands, options.capture), command: command)
      } catch let error as UsageError {
        return Tool.printUsageError(tool: toolName, error: error)
      } catch {
        return Tool.printFailure(tool: toolName, "\(error)")
      }
    }
  }

  private static func run(
    _ options: SniffOptions, filter: PacketFilter, command: [String]?
  ) throws -> CInt {
    if let command, command.isEmpty { throw UsageError("no command is given behind '--'") }
    if options.listsDevices { return try listDevices() }
    if options.fields == FieldChoice.help { return finish(FieldChoice.printList()) }
    var options = options
    try ReportOutput.check(options)
    options.origin = ReportOutput.origin(options, command)
    if options.fields != nil, options.printsJSON || options.tellsStory {
      throw UsageError("--fields excludes --json and --story")
    }
    if options.writeFile == "-", options.fields != nil {
      throw UsageError("--fields and -w - would both write to standard output")
    }
    let statistics = try StatisticsChoice(options)
    if statistics != nil, options.fields != nil || options.tellsStory {
      throw UsageError("--stats and --expert exclude --fields and --story")
    }
    let fields = try FieldChoice(options)
    try options.capture.check(options)
    if options.capture.listsLinkTypes { return try listLinkTypes(options) }
    if options.capture.listsTimestampTypes { return try listTimestampTypes(options) }
    if options.capture.explainsFilter { return try explainFilter(options, filter) }
    if options.capture.dumpCount > 0 { return try dumpFilter(options, filter) }
    let streams = try StreamTaker(options)
    if let paths = try files(options) {
      guard command == nil else { throw UsageError("a file (-r) and a command exclude each other") }
      return try readFiles(
        paths, options, filter: filter, fields: fields, statistics: statistics, streams: streams)
    }
    return try captureLive(
      options, filter: filter, fields: fields, statistics: statistics, streams: streams,
      command: command)
  }

  /// The files to be read, in their order; nil for a live capture.
  private static func files(_ options: SniffOptions) throws -> [String]? {
    if let path = options.readFile { return [path] }
    guard let list = options.capture.fileList else { return nil }
    let octets = try readFile(list == "-" ? "/dev/stdin" : list)
    return String(decoding: octets, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { String($0) }
  }

  private static func listDevices() throws -> CInt {
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    for (index, device) in try CaptureDevice.all().enumerated() {
      output.text.append("\(index + 1).\(SafeText.escaped(device.name))")
      if let summary = device.summary { output.text.append(" (\(SafeText.escaped(summary)))") }
      let marks =
        [
          device.isUp ? "Up" : nil, device.isRunning ? "Running" : nil,
          device.isLoopback ? "Loopback" : nil, device.isWireless ? "Wireless" : nil,
          device.connection,
        ].compactMap { $0 }
      if !marks.isEmpty { output.text.append(" [\(marks.joined(separator: ", "))]") }
      output.endLine()
    }
    output.flush()
    return finish(output.failure)
  }
}
