import CommandLineKit
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// What a search for the path MTU prints.
struct MTUPrinter: ~Copyable {
  var output = LineOutput(to: StandardStream.output, flushing: .eachLine)
  private let targets: PingTargets
  private let printsJSON: Bool
  private var failures = 0

  init(_ targets: PingTargets, printsJSON: Bool) {
    (self.targets, self.printsJSON) = (targets, printsJSON)
  }

  private var target: IPAddress { targets.targets[0].address }

  mutating func start() {
    guard !printsJSON else { return }
    output.text.append("path MTU to ")
    output.text.append(SafeText.escaped(targets.name(of: 0)))
    output.text.append(" (")
    output.text.append(target)
    output.text.append("): sizes of whole packets, in octets")
    output.endLine()
  }

  mutating func take(_ step: MTUStep) {
    if printsJSON {
      MTUEvents(targets: targets).step(step, at: WallClock.now(), &output.text)
    } else {
      MTUText.append(step, &output.text)
    }
    output.endLine()
  }

  /// Said once: what keeps one probe from being sent keeps the others, too.
  mutating func sayFailure(_ errorNumber: Int32) {
    failures += 1
    guard failures == 1 else { return }
    let reason = SystemError.message(for: errorNumber)
    Tool.printDiagnostic("\(PingCommand.toolName): cannot send to \(target): \(reason)")
  }

  mutating func finish(_ result: MTUResult) -> CInt {
    if printsJSON {
      MTUEvents(targets: targets).result(result, at: WallClock.now(), &output.text)
    } else {
      MTUText.append(result, target.family, &output.text)
    }
    output.endLine()
    output.flush()
    if let failure = output.failure {
      Tool.printDiagnostic("\(PingCommand.toolName): \(failure)")
      return Tool.usageExitCode
    }
    return result.passing == nil ? 1 : 0
  }
}
