import PacketExplanation
import PacketWire

/// The first octet says how the packet begins and where it was seen; the others are the packet.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count >= 1, let data = unsafe data else { return 0 }
  let input = unsafe UnsafeBufferPointer(start: data, count: count)
  let octets = [UInt8](input.dropFirst())
  let stage: PacketExplanation.Stage = input[0] & 1 == 0 ? .onTheWire : .leavingThisHost
  switch input[0] >> 1 & 3 {
  case 0: check(PacketExplanation(of: octets.span, stage: stage), octets)
  case 1: check(PacketExplanation(of: octets.span, linkType: .ethernet, stage: stage), octets)
  case 2:
    check(
      PacketExplanation(
        ofMessage: octets.span, from: .v4(.any), to: .v4(IPv4Address(192, 0, 2, 1)), stage: stage),
      octets)
  default:
    check(
      PacketExplanation(
        ofMessage: octets.span, from: .v6(.any), to: .v6(IPv6Address(bits: 1)), stage: stage),
      octets)
  }
  return 0
}

/// Fields lie inside the packet and follow each other, and nothing in them is for a terminal to obey.
private func check(_ explanation: PacketExplanation, _ octets: [UInt8]) {
  for part in explanation.parts {
    for field in part.fields {
      precondition(
        field.bits.lowerBound >= 0 && field.bits.upperBound <= octets.count * 8, "outside")
      for text in [field.name, field.value, field.meaning] {
        precondition(!text.utf8.contains { $0 < 0x20 || $0 == 0x7f }, "a control character")
      }
    }
  }
}
