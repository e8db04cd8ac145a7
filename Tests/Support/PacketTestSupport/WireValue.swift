public import PacketWire

/// A value that is read from octets and written back as the same octets.
public protocol WireValue: Equatable {
  /// Reads the value.
  init(parsing reader: inout PacketReader) throws(PacketError)
  /// Appends `octetCount` octets.
  func write(to out: inout OutputSpan<UInt8>)
  /// How many octets the value says that it takes.
  var octetCount: Int { get }
}

/// A header that always takes as many octets.
public protocol FixedLengthWireValue: WireValue {
  /// In octets.
  static var length: Int { get }
}

extension FixedLengthWireValue {
  /// The type's length.
  public var octetCount: Int { Self.length }
}

/// A value whose fields say how many octets it takes.
public protocol VariableLengthWireValue: WireValue {
  /// In octets.
  var length: Int { get }
}

extension VariableLengthWireValue {
  /// The value's length.
  public var octetCount: Int { length }
}

extension EthernetHeader: FixedLengthWireValue {}
extension VLANTag: FixedLengthWireValue {}
extension LinuxSLLHeader: FixedLengthWireValue {}
extension LinuxSLL2Header: FixedLengthWireValue {}
extension ARPPacket: FixedLengthWireValue {}
extension IPv6Header: FixedLengthWireValue {}
extension IPv6FragmentHeader: FixedLengthWireValue {}
extension ICMPv4Header: FixedLengthWireValue {}
extension ICMPv6Header: FixedLengthWireValue {}
extension UDPHeader: FixedLengthWireValue {}

extension SNAPHeader: FixedLengthWireValue {}
extension MPLSLabel: FixedLengthWireValue {}
extension PPPoEHeader: FixedLengthWireValue {}
extension CiscoHDLCHeader: FixedLengthWireValue {}
extension RadiotapHeader: FixedLengthWireValue {}
extension NFLOGHeader: FixedLengthWireValue {}
extension IPNETHeader: FixedLengthWireValue {}
extension PPIHeader: FixedLengthWireValue {}
extension PKTAPHeader: FixedLengthWireValue {}

extension VXLANHeader: FixedLengthWireValue {}
extension GeneveHeader: FixedLengthWireValue {}
extension ICMPExtensionHeader: FixedLengthWireValue {}
extension ESPHeader: FixedLengthWireValue {}
extension SCTPHeader: FixedLengthWireValue {}
extension IGMPHeader: FixedLengthWireValue {}

extension GREHeader: VariableLengthWireValue {}
extension DCCPHeader: VariableLengthWireValue {}
extension LLCHeader: VariableLengthWireValue {}
extension FrameRelayHeader: VariableLengthWireValue {}
extension PPPHeader: VariableLengthWireValue {}
extension IEEE80211Header: VariableLengthWireValue {}
extension IPv4Header: VariableLengthWireValue {}
extension TCPHeader: VariableLengthWireValue {}
extension DNSMessage: VariableLengthWireValue {}
extension NTPHeader: FixedLengthWireValue {}

extension DHCPv4Message: VariableLengthWireValue {}
extension DHCPv6Message: VariableLengthWireValue {}
extension QUICLongHeader: VariableLengthWireValue {}
extension TLSRecordHeader: FixedLengthWireValue {}
extension TLSHandshakeHeader: FixedLengthWireValue {}
extension TLSAlert: FixedLengthWireValue {}

extension ClientHello: VariableLengthWireValue {}
extension ServerHello: VariableLengthWireValue {}
extension WebSocketFrameHeader: VariableLengthWireValue {}
extension TLSCertificates: VariableLengthWireValue {}
extension TLS13Certificates: VariableLengthWireValue {}
extension ListenerQuery: VariableLengthWireValue {}
extension ListenerRecord: VariableLengthWireValue {}
extension NeighborOption: VariableLengthWireValue {}
extension MultipathOption: VariableLengthWireValue {}

extension ICMPTimestamps: FixedLengthWireValue {}
extension ICMPAddressMask: FixedLengthWireValue {}
extension ICMPInterfaceIdentification: VariableLengthWireValue {}
extension NodeInformation: VariableLengthWireValue {}
