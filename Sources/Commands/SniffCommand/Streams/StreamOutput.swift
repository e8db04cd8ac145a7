import CommandLineKit
import LinuxSystem
import PacketFields
import PacketText
import PacketWire
import TerminalText

/// What is done with the streams of a capture, instead of with its packets.
enum StreamOutput {
  /// One is shown.
  case follow(StreamFollower)

  /// What the options ask for, if they ask for any.
  init?(_ options: SniffOptions) throws(UsageError) {
    guard let text = options.follow else { return nil }
    if options.printsJSON || options.tellsStory || options.fields != nil {
      throw UsageError("--follow excludes --fields, --json and --story")
    }
    if options.writeFile == "-" {
      throw UsageError("--follow and -w - would both write to standard output")
    }
    let choice = try FollowChoice(text)
    let settings = TerminalSettings.current(of: StandardStream.output)
    if choice.form == .raw, settings.isTerminal {
      throw UsageError(
        "raw octets of strangers can command a terminal; send them to a file or a pipe, or take "
          + "\(choice.kind.rawValue):\(choice.stream),hex")
    }
    self = .follow(StreamFollower(choice, settings.style))
  }

  /// Reads one packet.
  func take(
    _ packet: FieldPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    switch self {
    case .follow(let follower): follower.take(packet, frame, octets, into: &out)
    }
  }

  /// Says what is only known at the end.
  func finish(into out: inout TextBuffer) {
    switch self {
    case .follow(let follower): follower.finish(into: &out)
    }
  }

  /// What is to be said on standard error at the end.
  var remark: String? {
    switch self {
    case .follow(let follower): follower.remark
    }
  }
}
