public import PacketWire

/// Where packets were captured: an Interface Description Block (draft-ietf-opsawg-pcapng §4.2), or
/// what the header of a pcap file says of all its packets.
///
/// All text is as the file has it: hostile.
public struct CaptureInterface: Hashable, Sendable {
  /// How the frames of this interface begin.
  public var linkType: LinkType
  /// The most octets kept of a packet, as the file claims; 0 is no limit.
  public var snapshotLength: UInt32
  /// The interface's name (if_name).
  public var name: String?
  /// What the interface is (if_description).
  public var interfaceDescription: String?
  /// The expression that its packets passed (if_filter, of kind 0: libpcap's).
  public var filter: String?
  /// The hardware of the interface (if_hardware).
  public var hardware: String?
  /// The operating system of the machine that it was part of (if_os).
  public var operatingSystem: String?
  /// What somebody noted about the interface (opt_comment).
  public var comments: [String]
  /// How its packets' 64-bit times count.
  public var clock: CaptureClock

  /// An interface as described by its parts.
  public init(
    linkType: LinkType, snapshotLength: UInt32, name: String? = nil,
    interfaceDescription: String? = nil, filter: String? = nil, hardware: String? = nil,
    operatingSystem: String? = nil, comments: [String] = [], clock: CaptureClock = .init()
  ) {
    (self.linkType, self.snapshotLength) = (linkType, snapshotLength)
    (self.name, self.interfaceDescription) = (name, interfaceDescription)
    (self.filter, self.hardware) = (filter, hardware)
    (self.operatingSystem, self.comments) = (operatingSystem, comments)
    self.clock = clock
  }
}

/// Option codes of Interface Description Blocks.
enum InterfaceOption {
  static let name: UInt16 = 2
  static let description: UInt16 = 3
  static let resolution: UInt16 = 9
  static let filter: UInt16 = 11
  static let operatingSystem: UInt16 = 12
  static let offset: UInt16 = 14
  static let hardware: UInt16 = 15

  /// The length that an option of fixed length has.
  static func length(of code: UInt16) -> UInt16? {
    switch code {
    case resolution: 1
    case offset: 8
    default: nil
    }
  }
}
