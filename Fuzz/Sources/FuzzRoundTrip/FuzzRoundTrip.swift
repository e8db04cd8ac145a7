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
extension DNSMessage: Header {}
extension EthernetHeader: Header {}
extension ICMPv4Header: Header {}
extension ICMPv6Header: Header {}
extension IPv4Header: Header {}
extension IPv6FragmentHeader: Header {}
extension IPv6Header: Header {}
extension LinuxSLLHeader: Header {}
extension LinuxSLL2Header: Header {}
extension TCPHeader: Header {}
extension UDPHeader: Header {}
extension VLANTag: Header {}

private typealias Check = @Sendable ([UInt8]) -> Void

private let headers: [Check] = [
  check(ARPPacket.self), check(DNSMessage.self), check(EthernetHeader.self),
  check(ICMPv4Header.self), check(ICMPv6Header.self), check(IPv4Header.self),
  check(IPv6FragmentHeader.self), check(IPv6Header.self), check(LinuxSLLHeader.self),
  check(LinuxSLL2Header.self), check(TCPHeader.self), check(UDPHeader.self), check(VLANTag.self),
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
