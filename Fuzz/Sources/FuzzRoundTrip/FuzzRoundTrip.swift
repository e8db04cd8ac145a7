import PacketWire

/// The first octet chooses a header; the others are read as that header.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count >= 1, let data = unsafe data else { return 0 }
  let input = unsafe UnsafeBufferPointer(start: data, count: count)
  // Copied, so that the address sanitizer sees a read behind the end.
  let octets = [UInt8](input.dropFirst())
  headers[Int(input[0]) % headers.count](octets)
  return 0
}

/// A header that is read and written without more being said.
private protocol Header: SendableMetatype {
  init(parsing reader: inout PacketReader) throws(PacketError)
  func write(to out: inout OutputSpan<UInt8>)
}

extension ARPPacket: Header {}
extension CiscoHDLCHeader: Header {}
extension ClientHello: Header {}
extension DCCPHeader: Header {}
extension DHCPv4Message: Header {}
extension DHCPv6Message: Header {}
extension DNSMessage: Header {}
extension ESPHeader: Header {}
extension EthernetHeader: Header {}
extension FrameRelayHeader: Header {}
extension GeneveHeader: Header {}
extension GREHeader: Header {}
extension ICMPExtensionHeader: Header {}
extension ICMPv4Header: Header {}
extension ICMPv6Header: Header {}
extension IEEE80211Header: Header {}
extension IGMPHeader: Header {}
extension IPv4Header: Header {}
extension IPv6FragmentHeader: Header {}
extension IPv6Header: Header {}
extension LinuxSLL2Header: Header {}
extension LinuxSLLHeader: Header {}
extension ListenerQuery: Header {}
extension ListenerRecord: Header {}
extension LLCHeader: Header {}
extension MPLSLabel: Header {}
extension MultipathOption: Header {}
extension NeighborOption: Header {}
extension NTPHeader: Header {}
extension PPPHeader: Header {}
extension PPPoEHeader: Header {}
extension QUICLongHeader: Header {}
extension RadiotapHeader: Header {}
extension SCTPHeader: Header {}
extension ServerHello: Header {}
extension SNAPHeader: Header {}
extension TCPHeader: Header {}
extension TLS13Certificates: Header {}
extension TLSAlert: Header {}
extension TLSCertificates: Header {}
extension TLSHandshakeHeader: Header {}
extension TLSRecordHeader: Header {}
extension UDPHeader: Header {}
extension VLANTag: Header {}
extension VXLANHeader: Header {}
extension WebSocketFrameHeader: Header {}

private typealias Check = @Sendable ([UInt8]) -> Void

private let headers: [Check] = [
  check(ARPPacket.self),
  check(CiscoHDLCHeader.self),
  check(ClientHello.self),
  check(DCCPHeader.self),
  check(DHCPv4Message.self),
  check(DHCPv6Message.self),
  check(DNSMessage.self),
  check(ESPHeader.self),
  check(EthernetHeader.self),
  check(FrameRelayHeader.self),
  check(GeneveHeader.self),
  check(GREHeader.self),
  check(ICMPExtensionHeader.self),
  check(ICMPv4Header.self),
  check(ICMPv6Header.self),
  check(IEEE80211Header.self),
  check(IGMPHeader.self),
  check(IPv4Header.self),
  check(IPv6FragmentHeader.self),
  check(IPv6Header.self),
  check(LinuxSLL2Header.self),
  check(LinuxSLLHeader.self),
  check(ListenerQuery.self),
  check(ListenerRecord.self),
  check(LLCHeader.self),
  check(MPLSLabel.self),
  check(MultipathOption.self),
  check(NeighborOption.self),
  check(NTPHeader.self),
  check(PPPHeader.self),
  check(PPPoEHeader.self),
  check(QUICLongHeader.self),
  check(RadiotapHeader.self),
  check(SCTPHeader.self),
  check(ServerHello.self),
  check(SNAPHeader.self),
  check(TCPHeader.self),
  check(TLS13Certificates.self),
  check(TLSAlert.self),
  check(TLSCertificates.self),
  check(TLSHandshakeHeader.self),
  check(TLSRecordHeader.self),
  check(UDPHeader.self),
  check(VLANTag.self),
  check(VXLANHeader.self),
  check(WebSocketFrameHeader.self),
  checkLoopback, checkExtension, checkQuotation,
]

private func check<Value: Header>(_ type: Value.Type) -> Check {
  { octets in
    var reader = PacketReader(octets.span)
    guard let value = try? Value(parsing: &reader) else { return }
    expect({ value.write(to: &$0) }, octets, upTo: reader.offset)
  }
}

/// What `write` writes are the octets that were read.
private func expect(
  _ write: (inout OutputSpan<UInt8>) -> Void, _ octets: [UInt8], upTo end: Int
) {
  let written = [UInt8](capacity: end) { write(&$0) }
  precondition(written[...] == octets[..<end], "read and written differ")
}

private let checkLoopback: Check = { octets in
  for linkType in [LinkType.null, .loop] {
    var reader = PacketReader(octets.span)
    guard let header = try? BSDLoopbackHeader(parsing: &reader, linkType: linkType) else { return }
    expect({ header.write(to: &$0) }, octets, upTo: reader.offset)
  }
}

private let checkExtension: Check = { octets in
  for kind in [IPProtocol.hopByHop, .routing, .destinationOptions, .authentication] {
    var reader = PacketReader(octets.span)
    guard let header = try? IPv6ExtensionHeader(parsing: &reader, kind: kind) else { continue }
    expect({ header.write(to: &$0) }, octets, upTo: reader.offset)
  }
}

/// A quotation takes everything, and says where its payload stands.
private let checkQuotation: Check = { octets in
  var reader = PacketReader(octets.span)
  guard let quoted = try? QuotedDatagram(parsing: &reader) else { return }
  precondition(reader.available == 0 && quoted.payload.upperBound == octets.count, "octets lost")
}
