import CommandLineKit
import LinuxNet
import PacketWire
import ProbeShell

extension PingOptions {
  /// Behind `-T tsprespec` all operands but the last one are hosts that are asked for the time; looks them
  /// up, and returns the others.
  mutating func takeTimestampHosts(_ operands: [String]) throws -> [String] {
    guard header.timestamps == .prespecified, let target = operands.last else { return operands }
    guard (2...5).contains(operands.count) else {
      throw UsageError(
        "option '-T': tsprespec takes one to four hosts, for whose times the header has room, and then the target"
      )
    }
    for host in operands.dropLast() {
      guard case .v4(let address) = try ProbeTarget(host, family: .v4).endpoint.address else {
        continue
      }
      header.timestampHosts.append(address)
    }
    return [target]
  }
}
