import CommandLineKit
import LinuxNet
import LinuxSystem
import NameResolution
import PacketWire
import ProbeEngine
import ProbeShell

/// `traceroute-swift`, from its arguments to its exit code.
public enum TracerouteCommand {
  /// As it stands in messages.
  static let toolName = "traceroute-swift"

  /// Runs the tool.
  ///
  /// - Parameter arguments: what stands behind the tool's name.
  /// - Returns: 0 for a trace, 1 for none, 2 for a command line that cannot be run.
  public static func run(_ arguments: [String]) -> CInt {
    Signal.ignoreBrokenPipe()
    var options = TracerouteOptions()
    switch TracerouteOptions.table.start(arguments, into: &options) {
    case .exit(let code): return code
    case .run(let operands, let command):
      do {
        return try run(options, operands: operands + (command ?? []))
      } catch let error as UsageError {
        return Tool.printUsageError(tool: toolName, error: error)
      } catch let error as ResolutionError {
        return Tool.printFailure(tool: toolName, "\(error)")
      } catch {
        return Tool.printFailure(tool: toolName, "\(error)", exitCode: 1)
      }
    }
  }

  private static func run(_ options: TracerouteOptions, operands: [String]) throws -> CInt {
    guard let host = operands.first else { throw UsageError("no target is given") }
    guard operands.count <= 2 else {
      throw UsageError("one target at a time, not also \(UsageError.quoted(operands[2]))")
    }
    guard options.firstTTL <= options.maximumTTL else {
      throw UsageError(
        "the first hop (\(options.firstTTL)) is behind the last (\(options.maximumTTL))")
    }
    let length = try operands.dropFirst().first.map { text throws(UsageError) in
      try packetLength(text)
    }
    // Sockets first, then no privileges, and only then names and packets from the world.
    let v4 = attempt(.v4, options)
    let v6 = attempt(.v6, options)
    try Privileges.dropAllCapabilities()
    let target = try ProbeTarget(host, family: options.family, preferring: .v4)
    let family = target.endpoint.address.family
    let origin = try ProbeOrigin(for: target.endpoint)
    let channel = try TraceChannel(
      family == .v4 ? try v4.take() : try v6.take(), to: target.endpoint,
      usesICMP: options.usesICMP, includesHeader: options.includesHeader)
    // traceroute's default: the headers and 32 octets, whatever the family.
    var shell = TracerouteShell(
      options, target: target, source: origin.source,
      packetLength: length ?? TraceProbe.headerLength(family) + 32, channel: channel)
    return try shell.run()
  }

  private static func attempt(
    _ family: IPFamily, _ options: TracerouteOptions
  ) -> TraceSocketsAttempt {
    TraceSocketsAttempt(
      family: family, usesICMP: options.usesICMP, needsRaw: options.includesHeader)
  }

  private static func packetLength(_ text: String) throws(UsageError) -> Int {
    do {
      return try NumberText.integer(text, in: 0...65_000)
    } catch {
      throw UsageError("packet length: \(error.message)")
    }
  }
}
