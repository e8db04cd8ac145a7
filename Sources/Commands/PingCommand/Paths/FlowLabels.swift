import PacketWire
import ProbeEngine

/// The flow labels of IPv6 probes (RFC 6437): what routers with several ways choose by.
struct FlowLabels: Hashable {
  /// One for all probes; 0 for none.
  private var common: UInt32 = 0
  /// One for each flow, where there are several.
  private(set) var each: [UInt32] = []

  /// What was asked for.
  init(common: UInt32) { self.common = common }

  /// As many as there are flows, in the half of all labels that nobody has to be asked for; at random, as
  /// RFC 6437 §2 wants them, and none of them twice.
  init(flows: Int, using random: inout some RandomNumberGenerator) {
    while each.count < flows {
      let label = UInt32.random(in: 0x8_0000...0xf_ffff, using: &random)
      if !each.contains(label) { each.append(label) }
    }
  }

  /// The label of probes to a target; 0 for none.
  func label(of target: PingTarget) -> UInt32 {
    each.isEmpty ? common : each[Int(target.flow) % each.count]
  }
}
