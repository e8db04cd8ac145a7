import CommandLineKit
import LinuxNet
import LinuxSystem
import LiveCapture
import PacketText
import PacketWire
import TerminalText

/// What is printed instead of packets: -L, -J and -d.
extension SniffCommand {
  /// The link types of an interface, in tcpdump's words.
  static func listLinkTypes(_ options: SniffOptions) throws -> CInt {
    let settings = try settings(options)
    let choices = try CaptureChoices(of: settings)
    let mode =
      !choices.hasMonitorMode
      ? "" : options.capture.isMonitor ? " when in monitor mode" : " when not in monitor mode"
    return print(
      choices.dataLinks,
      "Data link types for \(settings.interface)\(mode) (use option -y to set):")
  }

  /// The kinds of time stamps of an interface, in tcpdump's words.
  static func listTimestampTypes(_ options: SniffOptions) throws -> CInt {
    let settings = try settings(options)
    let choices = try CaptureChoices(of: settings)
    guard !choices.timestampTypes.isEmpty else {
      return print([], "Time stamp type cannot be set for \(settings.interface)")
    }
    return print(
      choices.timestampTypes,
      "Time stamp types for \(settings.interface) (use option -j to set):")
  }

  private static func settings(_ options: SniffOptions) throws -> LiveCapture.Settings {
    var settings = LiveCapture.Settings(
      interface: try options.interfaces.first.map { try CaptureDevice.name(for: $0) }
        ?? CaptureDevice.preferred())
    settings.isMonitor = options.capture.isMonitor
    return settings
  }

  private static func print(_ choices: [CaptureChoice], _ title: String) -> CInt {
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    output.text.append(SafeText.printable(title))
    output.endLine()
    for choice in choices {
      output.text.append("  \(choice.name ?? "DLT \(choice.number)")")
      if let summary = choice.summary { output.text.append(" (\(summary))") }
      output.endLine()
    }
    output.flush()
    return finish(output.failure)
  }

  /// The compiled filter, as tcpdump prints it.
  static func dumpFilter(_ options: SniffOptions, _ filter: PacketFilter) throws -> CInt {
    try print(compiled(options, filter).program, options.capture.dumpCount)
  }

  /// For an interface, a file, a link type that was named, or Ethernet.
  static func compiled(
    _ options: SniffOptions, _ filter: PacketFilter
  ) throws -> (program: FilterProgram, linkType: LinkType) {
    if let interface = options.interfaces.first {
      var settings = LiveCapture.Settings(interface: try CaptureDevice.name(for: interface))
      try options.capture.apply(to: &settings)
      let opened = try CapturedInterface(settings)
      return (try filter.program(for: opened), opened.linkType)
    }
    let linkType = try dumpedLinkType(options)
    return (try filter.program(for: linkType), linkType)
  }

  private static func dumpedLinkType(_ options: SniffOptions) throws -> LinkType {
    if let path = options.readFile {
      var source = FileSource(
        try FileOctets(path), filter: PacketFilter("", options.capture))
      return try source.linkType() ?? .ethernet
    }
    guard let name = options.capture.linkTypeName else {
      Tool.printDiagnostic("Warning: assuming Ethernet")
      return .ethernet
    }
    guard let choice = CaptureChoice.dataLink(named: name) else {
      throw UsageError("there is no link type \(UsageError.quoted(name)); -L lists them")
    }
    return choice.linkType
  }

  /// In the three forms that tcpdump has.
  private static func print(_ program: FilterProgram, _ form: Int) -> CInt {
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    if form > 2 {
      output.text.append(decimal: program.instructions.count)
      output.endLine()
    }
    for (index, step) in program.instructions.enumerated() {
      switch form {
      case 1: output.text.append(program.image(at: index))
      case 2:
        output.text.append(
          "{ 0x\(String(step.code, radix: 16)), \(step.skipIfTrue), \(step.skipIfFalse), 0x")
        output.text.append(hex: step.constant)
        output.text.append(" },")
      default:
        output.text.append(
          "\(step.code) \(step.skipIfTrue) \(step.skipIfFalse) \(step.constant)")
      }
      output.endLine()
    }
    output.flush()
    return finish(output.failure)
  }
}

extension CaptureDevice {
  /// The interface that a word means: its name, or its number in -D's list.
  static func name(for word: String) throws -> String {
    guard let number = Int(word), number > 0, "\(number)" == word else { return word }
    let devices = try all()
    if devices.contains(where: { $0.name == word }) { return word }
    guard number <= devices.count else {
      throw UsageError("there is no interface of number \(number); -D lists them")
    }
    return devices[number - 1].name
  }
}
