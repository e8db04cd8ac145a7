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
  case objects(ObjectExporter)
  /// What each end of each connection said is.
  case streams(StreamExporter)

  /// What the options ask for, if they ask for any.
  init?(_ options: SniffOptions) throws(UsageError) {
    let names = [
      ("--follow", options.follow), ("--export-objects", options.exportFolder),
      ("--export-streams", options.streamFolder),
    ].compactMap { name, value in value.map { _ in name } }
    guard let name = names.first else { return nil }
    let others = options.printsJSON || options.tellsStory || options.fields != nil
    let statistics = options.statistics != nil || options.listsFindings || options.reportFile != nil
    if others || statistics || names.count > 1 {
      throw UsageError(
        "--follow, --export-objects, --export-streams, --fields, --stats, --expert, --json, --story and "
          + "--report exclude each other")
    }
    if options.writeFile == "-" {
      throw UsageError("\(name) and -w - would both write to standard output")
    }
    if let folder = options.exportFolder {
      self = .objects(ObjectExporter(folder))
    } else if let folder = options.streamFolder {
      self = .streams(StreamExporter(folder))
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
    switch self {
    case .follow: break
    case .objects(let exporter): try exporter.begin()
    case .streams(let exporter): try exporter.begin()
    }
  }

  /// Reads one packet.
  func take(
    _ packet: FieldPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    switch self {
    case .follow(let follower): follower.take(packet, frame, octets, into: &out)
    case .objects(let exporter): exporter.take(packet, frame, octets, into: &out)
    case .streams(let exporter): exporter.take(packet, frame, octets, into: &out)
    }
  }

  /// Says what is only known at the end.
  func finish(into out: inout TextBuffer) {
    switch self {
    case .follow(let follower): follower.finish(into: &out)
    case .objects(let exporter): exporter.finish(into: &out)
    case .streams(let exporter): exporter.finish(into: &out)
    }
  }

  /// What is to be said on standard error at the end.
  var remark: String? {
    if case .follow(let follower) = self { follower.remark } else { nil }
  }

  /// What kept files from being written.
  var failure: SystemError? {
    switch self {
    case .follow: nil
    case .objects(let exporter): exporter.failure
    case .streams(let exporter): exporter.failure
    }
  }
}
