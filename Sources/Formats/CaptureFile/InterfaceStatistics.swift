public import PacketWire

/// What was counted at an interface: an Interface Statistics Block (draft-ietf-opsawg-pcapng §4.6).
/// Counts are of packets, since the capture began.
public struct InterfaceStatistics: Hashable, Sendable {
  /// Index in the section's interfaces.
  public var interface: Int
  /// When this was counted.
  public var time: WallInstant
  /// When the capture began (isb_starttime).
  public var start: WallInstant?
  /// When the capture ended (isb_endtime).
  public var end: WallInstant?
  /// Packets that the interface received (isb_ifrecv).
  public var received: UInt64?
  /// Packets that the interface had no room for (isb_ifdrop).
  public var droppedByInterface: UInt64?
  /// Packets that passed the filter (isb_filteraccept).
  public var acceptedByFilter: UInt64?
  /// Packets that the operating system had no room for (isb_osdrop).
  public var droppedBySystem: UInt64?
  /// Packets that reached the capturing program (isb_usrdeliv).
  public var delivered: UInt64?
  /// What somebody noted about the counts (opt_comment): hostile text.
  public var comments: [String]

  /// Statistics of an interface, as counted at `time`.
  public init(
    interface: Int, time: WallInstant, start: WallInstant? = nil, end: WallInstant? = nil,
    received: UInt64? = nil, droppedByInterface: UInt64? = nil, acceptedByFilter: UInt64? = nil,
    droppedBySystem: UInt64? = nil, delivered: UInt64? = nil, comments: [String] = []
  ) {
    (self.interface, self.time, self.start, self.end) = (interface, time, start, end)
    (self.received, self.droppedByInterface) = (received, droppedByInterface)
    (self.acceptedByFilter, self.droppedBySystem) = (acceptedByFilter, droppedBySystem)
    (self.delivered, self.comments) = (delivered, comments)
  }
}

/// Option codes of Interface Statistics Blocks; all values have eight octets.
enum StatisticsOption {
  static let start: UInt16 = 2
  static let end: UInt16 = 3
  static let received: UInt16 = 4
  static let droppedByInterface: UInt16 = 5
  static let acceptedByFilter: UInt16 = 6
  static let droppedBySystem: UInt16 = 7
  static let delivered: UInt16 = 8

  /// The length that an option of fixed length has.
  static func length(of code: UInt16) -> UInt16? {
    (start...delivered).contains(code) ? 8 : nil
  }
}
