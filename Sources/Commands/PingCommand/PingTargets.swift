import LinuxNet
import PacketWire
import ProbeEngine

/// Who is pinged: what was typed, and where that leads.
struct PingTargets {
  /// Where probes to each target go.
  private(set) var endpoints: [Endpoint] = []
  /// The same, as a session has it.
  private(set) var targets: [PingTarget] = []
  /// What was typed, of targets where that is not the address's own text.
  private var names: [Int: String] = [:]

  var count: Int { targets.count }

  /// Adds a target.
  mutating func append(_ endpoint: Endpoint, typed name: String?, flow: UInt16 = 0) {
    if let name { names[count] = name }
    endpoints.append(endpoint)
    targets.append(PingTarget(endpoint.address, flow: flow))
  }

  /// What to call a target: as it was typed.
  func name(of target: Int) -> String {
    names[target] ?? targets[target].address.description
  }

  /// The families that there are.
  func has(_ family: IPFamily) -> Bool { targets.contains { $0.address.family == family } }
}
