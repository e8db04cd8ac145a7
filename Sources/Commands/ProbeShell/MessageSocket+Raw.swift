public import LinuxNet
public import PacketWire

extension MessageSocket {
  /// We build the transport header ourselves, and see those of others.
  public var isRaw: Bool { if case .raw = kind { true } else { false } }
}

extension Endpoint {
  /// Any address and any port of a family, for `bind`.
  public static func any(_ family: IPFamily) -> Endpoint {
    Endpoint(family == .v4 ? .v4(.any) : .v6(.any))
  }
}
