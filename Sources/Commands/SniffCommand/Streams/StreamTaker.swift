import CommandLineKit
import LinuxSystem
import PacketFields
import PacketText
import PacketWire
import TerminalText

/// What is done with the streams of a capture, instead of with its packets.
enum StreamTaker {
  /// One is shown.
  case follow(StreamFollower)
  /// What was sent over HTTP is written to files.
  case export(ObjectExporter)

  /// What the options ask for, if they ask for any.
  init?(_ options: SniffOptions) throws(UsageError) {
    guard
      let name = options.follow != nil
        ? "--follow" : options.exportFolder.map({ _ in "--export-objects" })
    else { return nil }
    let others = options.printsJSON || options.tellsStory || options.fields != nil
    let statistics = options.statistics != nil || options.listsFindings || options.reportFile != nil
    if others || statistics || options.follow != nil && options.exportFolder != nil {
      throw UsageError(
        "--follow, --export-objects, --fields, --stats, --expert, --json, --story and --report exclude "
          + "each other")
    }
    if options.writeFile == "-" {
      throw UsageError("\(name) and -w - would both write to standard output")
    }
    if let folder = options.exportFolder {
      self = .export(ObjectExporter(folder))
    } else {
      self = .follow(try Self.follower(options.follow ?? ""))
    }
  }

  private static func follower(_ text: String) throws(UsageError) -> StreamFollower {
    let choice = try FollowChoice(text)
    let settings = TerminalSettings.current(of: StandardStream.output)
    if choice.form == .raw, settings.isTerminal {
      throw UsageError(
        "raw octets of strangers can command a terminal; send them to a file or a pipe, or take "
          + "\(choice.kind.rawValue):\(choice.stream),hex")
    }
    return StreamFollower(choice, settings.style)
  }

  /// Opens what is written to, once nothing needs more rights than the user's.
  func begin() throws(SystemError) {
    if case .export(let exporter) = self { try exporter.begin() }
  }

  /// Reads one packet.
  func take(
    _ packet: FieldPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    switch self {
    case .follow(let follower): follower.take(packet, frame, octets, into: &out)
    case .export(let exporter): exporter.take(packet, frame, octets, into: &out)
    }
  }

  /// Says what is only known at the end.
  func finish(into out: inout TextBuffer) {
    switch self {
    case .follow(let follower): follower.finish(into: &out)
    case .export(let exporter): exporter.finish(into: &out)
    }
  }

  /// What is to be said on standard error at the end.
  var remark: String? {
    if case .follow(let follower) = self { follower.remark } else { nil }
  }

  /// What kept files from being written.
  var failure: SystemError? {
    if case .export(let exporter) = self { exporter.failure } else { nil }
  }
}
