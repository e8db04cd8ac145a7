import CaptureFile
import CommandLineKit
import LinuxSystem
import LiveCapture
import PacketFields
import PacketWire

extension SniffCommand {
  /// Reads a capture file to its end, or to where it is damaged.
  static func readFile(
    _ path: String, _ options: SniffOptions, filter: String, fields: [PacketField]?
  ) throws -> CInt {
    // A filter is wrong or right whatever the file holds.
    if !filter.isEmpty { _ = try FilterProgram(filter, linkType: .ethernet) }
    var source = try FileSource(path, filter: filter)
    // Opened as whoever called us; from here on there are only octets that somebody else made.
    let linkType = options.writeFile == nil ? nil : try source.linkType()
    let file = try options.writeFile.map { target throws(SystemError) in
      try CaptureOutput(
        target, linkType: linkType ?? .ethernet, snapshotLength: keptLength(options))
    }
    try Privileges.dropAllCapabilities()
    var sink = PacketSink(
      options, file: file, holdsOutput: false, waitsForNames: true, fields: fields)
    var left = options.count ?? .max
    var number = 0
    var damage: (any Error)?
    do {
      try source.run { packet, interface, octets in
        number += 1
        left -= 1
        let kept = octets.extracting(first: min(octets.count, keptLength(options)))
        sink.take(
          SniffedPacket(
            number: number, time: packet.time, linkType: packet.linkType,
            originalLength: packet.originalLength, place: packet.number, interface: interface),
          kept)
        return left > 0 && sink.isOpen
      }
    } catch {
      damage = error
    }
    sink.finish()
    if let damage {
      return Tool.printFailure(
        tool: toolName, "\(UsageError.quoted(path)): \(damage)",
        exitCode: damage is FilterError ? Tool.usageExitCode : 1)
    }
    return finish(sink.failure)
  }

  /// How many octets of each packet are kept.
  static func keptLength(_ options: SniffOptions) -> Int {
    options.snapshotLength == 0 ? 262_144 : options.snapshotLength
  }

  /// What an output that could not be written means for the exit code.
  static func finish(_ failure: SystemError?) -> CInt {
    failure.map { Tool.printFailure(tool: toolName, "\($0)", exitCode: 1) } ?? 0
  }
}
