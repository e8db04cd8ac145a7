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

  /// How many neighbouring targets are ways to the same one.
  private(set) var flows = 1

  /// No targets yet.
  init(flows: Int = 1) { self.flows = flows }

  /// All of a list's, each by so many flows.
  init(_ list: TargetList, flows: Int = 1) {
    self.flows = flows
    endpoints.reserveCapacity(list.count * flows)
    targets.reserveCapacity(list.count * flows)
    for target in list {
      for flow in 0..<flows {
        append(target.endpoint, typed: target.typed, flow: UInt16(truncatingIfNeeded: flow))
      }
    }
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

  /// What a line of text calls a target: with its flow, counted from 1, where there are several.
  func label(of target: Int) -> String {
    flows == 1 ? name(of: target) : "\(name(of: target)) flow \(target % flows + 1)"
  }

  /// The families that there are.
  func has(_ family: IPFamily) -> Bool { targets.contains { $0.address.family == family } }
}
