import CommandLineKit
import LinuxNet
import LinuxSystem
import NameResolution
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// `ping-swift`, from its arguments to its exit code.
public enum PingCommand {
  /// As it stands in messages.
  static let toolName = "ping-swift"

  /// Runs the tool.
  ///
  /// - Parameter arguments: what stands behind the tool's name.
  /// - Returns: 0 for an answer, 1 for none, 2 for anything else.
  public static func run(_ arguments: [String]) -> CInt {
    Signal.ignoreBrokenPipe()
    var options = PingOptions()
    switch PingOptions.table.start(arguments, into: &options) {
    case .exit(let code): return code
    case .run(let operands, let command):
      do {
        return try run(options, operands: operands + (command ?? []))
      } catch let error as UsageError {
        return Tool.printUsageError(tool: toolName, error: error)
      } catch {
        return Tool.printFailure(tool: toolName, "\(error)")
      }
    }
  }

  private static func run(_ options: PingOptions, operands: [String]) throws -> CInt {
    guard let host = operands.first else { throw UsageError("no target is given") }
    guard operands.count == 1 else {
      throw UsageError("one target at a time, not also \(UsageError.quoted(operands[1]))")
    }
    try check(options)
    let choice = options.interface.map { ProbeOrigin.Choice($0) }
    let family = options.family ?? IPAddress(host)?.family ?? choice?.family
    // Sockets first, then no privileges, and only then names and packets from the world.
    let v4 = SocketAttempt(family: .v4, needsRaw: options.includesHeader)
    let v6 = SocketAttempt(family: .v6, needsRaw: options.includesHeader)
    if case .interface(let name) = choice {
      if family != .v6 { try v4.bind(toInterface: name) }
      if family != .v4 { try v6.bind(toInterface: name) }
    }
    try Privileges.dropAllCapabilities()
    let target = try ProbeTarget(host, family: family)
    let origin = try ProbeOrigin(for: target.endpoint, choice: choice)
    let socket = target.endpoint.address.family == .v4 ? try v4.take() : try v6.take()
    let channel = try EchoChannel(
      socket, to: target.endpoint, from: origin, choice: choice, timeToLive: options.timeToLive,
      includesHeader: options.includesHeader)
    var shell = try PingShell(options, target: target, origin: origin, channel: channel)
    return try shell.run()
  }

  private static func check(_ options: PingOptions) throws {
    if options.interval < .milliseconds(2), try !Privileges.holds(.netRaw) {
      throw UsageError("option '-i': intervals under 0.002 seconds are for root only")
    }
    if options.family == .v4, options.payloadLength > 65_507 {
      throw UsageError("option '-s': an IPv4 packet has room for 65507 octets of payload")
    }
  }
}
