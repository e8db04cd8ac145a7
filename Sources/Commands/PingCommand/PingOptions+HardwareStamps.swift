import CommandLineKit
import PacketWire
import ProbeShell

extension PingOptions {
  static func sayHardwareStamps(_ options: inout OptionWalk<PingOptions>) {
    options.flag(
      nil, "hardware-stamps",
      help:
        "measure between stamps of the network card, of the interface that -I names; where nobody has it stamp, switch that on for the time of the run, as root only"
    ) { $0.usesHardwareStamps = true }
  }

  /// The interface whose card is to stamp. Probes are bound to it, and so both stamps are by one clock.
  var stampedInterface: String? {
    guard usesHardwareStamps else { return nil }
    return origins.lazy.compactMap { origin in
      if case .interface(let name) = ProbeOrigin.Choice(origin) { name } else { nil }
    }.first
  }

  /// What a card's stamps do not go with.
  func checkHardwareStamps() throws(UsageError) {
    guard usesHardwareStamps else { return }
    guard stampedInterface != nil else {
      throw UsageError(
        "option '--hardware-stamps' needs to know which card: name its interface with -I, such as -I eth0"
      )
    }
    let others = [
      ("-U, which is the program's own time", measuresProgram),
      ("a flood, or -A, which go without stamps", interval == .zero || isAdaptive),
      (
        "a gap under 0.001 seconds, which goes without stamps",
        givenGap ?? .seconds(1) < .milliseconds(1)
      ),
      ("a sweep, which asks who is there", asks), ("--mtu-search", paths.searchesMTU),
      ("--record, whose file has no place for them", evidence.recordPath != nil),
    ]
    guard let other = others.first(where: \.1) else { return }
    throw UsageError("option '--hardware-stamps' does not go with \(other.0)")
  }
}
