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

extension VXLANHeader: FixedLengthWireValue {}
extension GeneveHeader: FixedLengthWireValue {}
extension ICMPExtensionHeader: FixedLengthWireValue {}
extension ESPHeader: FixedLengthWireValue {}
extension SCTPHeader: FixedLengthWireValue {}
extension IGMPHeader: FixedLengthWireValue {}

extension GREHeader: WireValue {
  /// With the fields that its flags announce.
  public var octetCount: Int { length }
}

extension DCCPHeader: WireValue {
  /// With a long sequence number or a short one.
  public var octetCount: Int { length }
}

extension LLCHeader: WireValue {
  /// With a control field of one octet or two.
  public var octetCount: Int { length }
}

extension FrameRelayHeader: WireValue {
  /// With an address of two to four octets.
  public var octetCount: Int { length }
}

extension PPPHeader: WireValue {
  /// With what its sender did not leave out.
  public var octetCount: Int { length }
}

extension IEEE80211Header: WireValue {
  /// With the fields of its type.
  public var octetCount: Int { length }
}

extension IPv4Header: WireValue {
  /// With options.
  public var octetCount: Int { length }
}

extension TCPHeader: WireValue {
  /// With options.
  public var octetCount: Int { length }
}

extension DNSMessage: WireValue {
  /// Compressed names as they were compressed.
  public var octetCount: Int { length }
}

extension NTPHeader: FixedLengthWireValue {}

extension DHCPv4Message: WireValue {
  /// With options.
  public var octetCount: Int { length }
}

extension DHCPv6Message: WireValue {
  /// With options.
  public var octetCount: Int { length }
}

extension QUICLongHeader: WireValue {
  /// Without what follows it.
  public var octetCount: Int { length }
}

extension TLSRecordHeader: FixedLengthWireValue {}
extension TLSHandshakeHeader: FixedLengthWireValue {}
extension TLSAlert: FixedLengthWireValue {}

extension ClientHello: WireValue {
  /// With extensions.
  public var octetCount: Int { length }
}

extension ServerHello: WireValue {
  /// With extensions.
  public var octetCount: Int { length }
}

extension WebSocketFrameHeader: WireValue {
  /// With the masking key.
  public var octetCount: Int { length }
}

extension TLSCertificates: WireValue {
  /// With all certificates.
  public var octetCount: Int { length }
}

extension TLS13Certificates: WireValue {
  /// With all certificates.
  public var octetCount: Int { length }
}

extension ListenerQuery: WireValue {
  /// With all sources.
  public var octetCount: Int { length }
}

extension ListenerRecord: WireValue {
  /// With all sources and what is behind them.
  public var octetCount: Int { length }
}

extension NeighborOption: WireValue {
  /// With its value.
  public var octetCount: Int { length }
}

extension MultipathOption: WireValue {
  /// Without kind and length.
  public var octetCount: Int { length }
}
