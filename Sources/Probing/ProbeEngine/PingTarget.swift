public import PacketWire

/// Where some of a session's probes go: an address, by one of the ways that lead there.
public struct PingTarget: Hashable, Sendable {
  /// The address that is asked.
  public var address: IPAddress
  /// Which of the ways: probes with the same number here have the same checksum, so that routers
  /// that choose by it send them the same way.
  public var flow: UInt16

  /// A target; flow 0 is as good as any.
  public init(_ address: IPAddress, flow: UInt16 = 0) {
    (self.address, self.flow) = (address, flow)
  }
}

/// One probe of a session.
public struct PingProbe: Hashable, Sendable {
  /// Its number among all probes of the session, from 1. The sequence number on the wire follows it.
  public var serial: UInt64
  /// Whose probe it is: the index in the session's targets.
  public var target: Int
  /// Its number among the probes of that target, from 1.
  public var number: UInt64

  /// A probe from its numbers.
  public init(serial: UInt64, target: Int, number: UInt64) {
    (self.serial, self.target, self.number) = (serial, target, number)
  }
}
