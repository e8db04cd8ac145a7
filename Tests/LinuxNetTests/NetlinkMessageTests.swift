import CLinux
import Glibc
import PacketTestSupport
import PacketWire
import Testing

@testable import LinuxNet

@Suite("Netlink messages (netlink(7))")
struct NetlinkMessageTests {
  private func acknowledgement(_ octets: [UInt8]) -> NetlinkAcknowledgement? {
    NetlinkAcknowledgement(octets.span)
  }

  static let answer =
    UInt32(36).nativeOctets + UInt16(2).nativeOctets + UInt16(0).nativeOctets
    + UInt32(0x0102_0304).nativeOctets + UInt32(77).nativeOctets + CInt(-17).nativeOctets
    + [UInt8](repeating: 9, count: 16)

  @Test func anAnswerIsRead() {
    #expect(acknowledgement(Self.answer)?.sequence == 0x0102_0304)
    #expect(acknowledgement(Self.answer)?.errorNumber == EEXIST)
  }

  @Test func whatIsNoAnswerIsRefused() {
    for count in 0..<20 { #expect(acknowledgement(Array(Self.answer[..<count])) == nil) }
    #expect(acknowledgement(UInt32(19).nativeOctets + Self.answer[4...]) == nil)
    #expect(acknowledgement(Self.answer[..<4] + UInt16(3).nativeOctets + Self.answer[6...]) == nil)
    // The one number that has no positive counterpart must not trap.
    let extreme = Self.answer[..<16] + CInt.min.nativeOctets
    #expect(acknowledgement(Array(extreme))?.errorNumber == .min)
  }

  @Test func attributesAreNestedAndPadded() {
    var message = NetlinkMessage(type: 16, flags: 0x400)
    message.append(attribute: 3, [1, 2, 3, 4, 5])
    message.append(attribute: 18) { $0.append(attribute: 1, [6]) }
    let expected =
      UInt32(40).nativeOctets + UInt16(16).nativeOctets + UInt16(0x405).nativeOctets
      + UInt32(7).nativeOctets + UInt32(0).nativeOctets
      + UInt16(9).nativeOctets + UInt16(3).nativeOctets + [1, 2, 3, 4, 5, 0, 0, 0]
      + UInt16(12).nativeOctets + UInt16(18).nativeOctets
      + UInt16(5).nativeOctets + UInt16(1).nativeOctets + [6, 0, 0, 0]
    #expect(message.finished(sequence: 7) == expected)
  }
}
