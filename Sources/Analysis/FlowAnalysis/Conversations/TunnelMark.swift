public import PacketWire

/// What a packet came through: tells the same addresses in two tunnels apart.
public struct TunnelMark: Hashable, Sendable {
  /// The ends, the protocols and the order of all tunnels, folded.
  public let bits: UInt32

  /// What a packet comes through that `frame` carries, itself within `outer`; nil when `frame` is
  /// no IP packet.
  public init?(_ frame: Frame, within outer: TunnelMark?) {
    guard let ends = frame.addresses else { return nil }
    let key = FlowKey.make(
      from: (ends.source, 0), to: (ends.destination, 0),
      protocolNumber: frame.protocolNumber?.rawValue ?? 0xff, vlans: frame.vlanBits
    ).key
    var fold = UInt64(outer?.bits ?? 0)
    for word in [key.low, key.high] {
      fold = Self.mix(fold ^ UInt64(truncatingIfNeeded: word))
      fold = Self.mix(fold ^ UInt64(truncatingIfNeeded: word >> 64))
    }
    fold = Self.mix(fold ^ key.tag)
    // Zero stands for no tunnel.
    bits = max(UInt32(truncatingIfNeeded: fold >> 32), 1)
  }

  /// Spreads each bit over all (the finalizer of SplitMix64).
  private static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
