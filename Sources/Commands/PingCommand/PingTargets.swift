import LinuxNet
import PacketWire
import ProbeEngine
import ProbeShell

/// Who is pinged: what was typed, and where that leads.
struct PingTargets {
  /// Where probes to each target go.
  private(set) var endpoints: [Endpoint] = []
  /// The same, as a session has it.
  private(set) var targets: [PingTarget] = []
  /// What was typed, of targets where that is not the address's own text.
  private var names: [Int: String] = [:]

  var count: Int { targets.count }

  /// No targets.
  init() {}

  /// All of a list's.
  init(_ list: TargetList) {
    endpoints.reserveCapacity(list.count)
    targets.reserveCapacity(list.count)
    for target in list { append(target.endpoint, typed: target.typed) }
  }

  /// A session keeps some two hundred octets for each target.
  static let maximumCount = 1 << 20

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
