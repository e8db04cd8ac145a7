import CLinux
import Glibc
import LinuxSystem
import PacketTestSupport
import PacketWire
import Testing

@testable import LinuxNet

/// The kernel's own BPF machine judges: a filter on one end of a pair of Unix sockets sees exactly
/// the octets that the other end sends, and that needs no privilege.
@Suite("Socket filters")
struct SocketFilterTests {
  static let ipv4Cases: [(String, String, Bool)] = [
    ("a reply to us", "4500 0000 0000 0000 4001 0000 7f000001 7f000001  0000 0000 1234 0001", true),
    (
      "a reply to others", "4500 0000 0000 0000 4001 0000 7f000001 7f000001  0000 0000 1235 0001",
      false
    ),
    (
      "an octet of theirs is ours",
      "4500 0000 0000 0000 4001 0000 7f000001 7f000001  0000 0000 3412 0001", false
    ),
    ("a request", "4500 0000 0000 0000 4001 0000 7f000001 7f000001  0800 0000 1234 0001", false),
    (
      "a reply behind IP options",
      "4600 0000 0000 0000 4001 0000 7f000001 7f000001 01010100  0000 0000 1234 0001", true
    ),
    (
      "others' behind IP options",
      "4600 0000 0000 0000 4001 0000 7f000001 7f000001 01011234  0000 0000 4321 0001", false
    ),
    ("unreachable", "4500 0000 0000 0000 4001 0000 7f000001 7f000001  0303 0000 0000 0000", true),
    ("source quench", "4500 0000 0000 0000 4001 0000 7f000001 7f000001  0400 0000 0000 0000", true),
    ("redirect", "4500 0000 0000 0000 4001 0000 7f000001 7f000001  0501 0000 0000 0000", true),
    ("time exceeded", "4500 0000 0000 0000 4001 0000 7f000001 7f000001  0b00 0000 0000 0000", true),
    (
      "parameter problem", "4500 0000 0000 0000 4001 0000 7f000001 7f000001  0c00 0000 0000 0000",
      true
    ),
    (
      "timestamp request", "4500 0000 0000 0000 4001 0000 7f000001 7f000001  0d00 0000 1234 0000",
      false
    ),
    (
      "a reply cut before its identifier",
      "4500 0000 0000 0000 4001 0000 7f000001 7f000001  0000 0000 12", false
    ),
    ("a header alone", "4500 0000 0000 0000 4001 0000 7f000001 7f000001", false),
  ]

  @Test(arguments: ipv4Cases)
  func echoRepliesIPv4(name: String, packet: String, accepted: Bool) throws {
    let filter = SocketFilter.echoReplies(identifier: 0x1234, family: .v4)
    #expect(try passes(hex(packet), filter) == accepted)
  }

  @Test(arguments: ipv4Cases)
  func errorsIPv4(name: String, packet: String, accepted: Bool) throws {
    let isReply = name.contains("reply")
    #expect(try passes(hex(packet), .errors(family: .v4)) == (accepted && !isReply))
  }

  @Test(arguments: [
    ("8100 0000 1234 0001", true), ("8100 0000 1235 0001", false), ("8000 0000 1234 0001", false),
    ("0100 0000 0000 0000", true), ("0200 0000 0000 0500", true), ("0300 0000 0000 0000", true),
    ("0400 0000 0000 0000", true), ("8700 0000 1234 0000", false), ("0000 0000 1234 0000", false),
    ("81 00", false),
  ])
  func echoRepliesIPv6(packet: String, accepted: Bool) throws {
    let filter = SocketFilter.echoReplies(identifier: 0x1234, family: .v6)
    #expect(try passes(hex(packet), filter) == accepted)
  }

  /// Whether `packet` comes out of a socket with `filter`.
  private func passes(_ packet: [UInt8], _ filter: SocketFilter) throws -> Bool {
    var pair: [CInt] = [-1, -1]
    try #require(unsafe socketpair(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0, &pair) == 0)
    let receiver = Descriptor(owning: pair[0])
    let sender = Descriptor(owning: pair[1])
    try receiver.attach(filter)
    // A filter that drops a packet lets the sender's call succeed all the same.
    _ = unsafe packet.withUnsafeBytes { unsafe send(sender.rawValue, $0.baseAddress, $0.count, 0) }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = unsafe recv(receiver.rawValue, &buffer, 256, CInt(MSG_DONTWAIT))
    if count >= 0 { #expect(Array(buffer[..<count]) == packet) }
    return count >= 0
  }
}
