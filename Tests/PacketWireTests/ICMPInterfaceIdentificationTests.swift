import PacketTestSupport
import PacketWire
import Testing

@Suite("Interface identification objects (RFC 8335)")
struct ICMPInterfaceIdentificationTests {
  static let subjects: [(String, ICMPInterfaceIdentification.Subject?)] = [
    ("0008 03 01 65746830", .name(Array("eth0".utf8))),
    ("000c 03 01 67652d30 2f000000", .name(Array("ge-0/".utf8))),
    ("0008 03 01 00000000", .name([])),
    ("0008 03 02 01020304", .index(0x0102_0304)),
    ("000c 03 03 0001 04 00 c0000201", .address(.v4(IPv4Address(192, 0, 2, 1)))),
    (
      "0018 03 03 0002 10 00 20010db8000000000000000000000001",
      .address(.v6(IPv6Address(bits: 0x2001_0db8 << 96 | 1)))
    ),
    ("0004 03 01", nil), ("0007 03 02 010203", nil), ("000c 03 03 0001 10 00 c0000201", nil),
    ("000c 03 03 0002 04 00 c0000201", nil), ("0008 03 09 01020304", nil),
    ("0018 03 03 0002 04 00 20010db8000000000000000000000001", nil),
  ]

  @Test("what each asks about", arguments: subjects)
  func subject(text: String, expected: ICMPInterfaceIdentification.Subject?) throws {
    let wire = hex(text)
    let object: ICMPInterfaceIdentification = try parse(wire)
    #expect(object.subject == expected && object.length == wire.count)
    try expectRoundTrip(of: wire, as: ICMPInterfaceIdentification.self)
    expectEveryPrefixIsRefused(
      of: wire, takenIn: [4, wire.count - 4], by: .icmpExtension,
      as: ICMPInterfaceIdentification.self)
  }

  @Test("built from scratch", arguments: subjects.filter { $0.1 != nil && $0.1 != .name([]) })
  func built(text: String, subject: ICMPInterfaceIdentification.Subject?) throws {
    #expect(octets(of: ICMPInterfaceIdentification(try #require(subject))) == hex(text))
  }

  @Test("a name is cut where it has no room") func longName() {
    let object = ICMPInterfaceIdentification(.name([UInt8](repeating: 0x61, count: 300)))
    #expect(object.length == 260 && object.subject == .name([UInt8](repeating: 0x61, count: 255)))
  }

  @Test func refused() {
    for (text, offset, reason) in [
      ("0003 0301", 9, .badHeaderLength(3)), ("0004 0201", 11, .unsupported(2)),
    ] as [(String, Int, PacketError.Reason)] {
      #expect(throws: PacketError(.icmpExtension, at: offset, reason)) {
        try parse(hex(text), at: 9, as: ICMPInterfaceIdentification.self)
      }
    }
  }

  @Test("random octets are refused or written back", arguments: 0..<4 as Range<UInt64>)
  func random(seed: UInt64) {
    expectRandomRoundTrip(seed: seed, lengths: 4...32, as: ICMPInterfaceIdentification.self) {
      input, rng in
      (input[0], input[1], input[2]) = (0, UInt8.random(in: 0...32, using: &rng), 3)
    }
  }

  @Test("the structure has the right checksum, and a frame finds it") func structure() {
    let structure = ICMPInterfaceIdentification(.index(7)).structure()
    #expect(
      structure[...3] == hex("2000 dcee")[...] && structure[4...] == hex("00080302 00000007")[...])
    var sum = InternetChecksum()
    sum.add(structure.span)
    #expect(sum.folded == 0xffff)
    let message = ICMPExtensionsTests.message(42, length: 0, structure)
    let frame = Frame(decoding: message.span, linkType: .ipv4)
    #expect(frame.icmpExtensions(in: message.span) == 28..<40)
  }

  @Test func states() throws {
    let header: ICMPv4Header = try parse(hex("2b00 0000 abcd05 66"))
    let state = header.interfaceState
    #expect(state.neighbor == .stale && state.isActive && state.runsIPv4 && !state.runsIPv6)
    let six: ICMPv6Header = try parse(hex("a100 0000 abcd05 e1"))
    #expect(six.interfaceState.neighbor == nil && !six.interfaceState.isActive)
    #expect(!six.interfaceState.runsIPv4 && six.interfaceState.runsIPv6)
    for raw in 0...6 as ClosedRange<UInt8> {
      let neighbor = try #require(ICMPInterfaceState.Neighbor(rawValue: raw))
      for bits in 0...7 as ClosedRange<UInt8> {
        let built = ICMPInterfaceState(
          neighbor: neighbor, isActive: bits & 4 != 0, runsIPv4: bits & 2 != 0,
          runsIPv6: bits & 1 != 0)
        #expect(built.rawValue == raw << 5 | bits && built.neighbor == neighbor)
      }
    }
  }
}
