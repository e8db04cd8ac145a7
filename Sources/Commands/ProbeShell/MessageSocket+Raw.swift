public import LinuxNet
public import PacketWire

extension MessageSocket {
  /// We build the transport header ourselves, and see those of others.
  public var isRaw: Bool { if case .raw = kind { true } else { false } }
}

extension Endpoint {
  /// Any address of a family, for `bind`; port 0 is any port.
  public static func any(_ family: IPFamily, port: UInt16 = 0) -> Endpoint {
    Endpoint(family == .v4 ? .v4(.any) : .v6(.any), port: port)
  }
}
