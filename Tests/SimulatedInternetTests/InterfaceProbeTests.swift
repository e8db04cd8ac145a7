import PacketTestSupport
import PacketWire
import SimulatedInternet
import Testing

@Suite("Routers that tell of their interfaces (RFC 8335)")
struct InterfaceProbeTests {
  static let text = """
    client a.test 198.18.0.2 2001:db8::2
    router r1.test 198.18.1.1 2001:db8:1::1 far 198.18.1.129 interface ge-0 probe
    row 2
    site b.test 203.0.113.80 2001:db8:cb::80
    """

  /// An extended echo request with one object: class and type, value.
  private func request(
    _ site: String, _ type: UInt8, _ value: [UInt8], isLocal: Bool = true, classNumber: UInt8 = 3
  ) throws -> [UInt8] {
    var structure: [UInt8] = [0x20, 0, 0, 0, 0, UInt8(4 + value.count), classNumber, type] + value
    var sum = InternetChecksum()
    sum.add(structure.span)
    (structure[2], structure[3]) = (UInt8(sum.value >> 8), UInt8(sum.value & 0xff))
    let rest: UInt32 = 0xabcd_0500 | (isLocal ? 1 : 0)
    let probe = try Probe(to: site)
    if case (.v6(let source), .v6(let destination)) = (probe.source, probe.destination) {
      var header = ICMPv6Header(.extendedEchoRequest, rest: rest)
      header.fill(payload: structure.span, from: source, to: destination)
      return try probe.packet(.icmpv6, written(8, header.write) + structure)
    }
    var header = ICMPv4Header(.extendedEchoRequest, rest: rest)
    header.fill(payload: structure.span)
    return try probe.packet(.icmp, written(8, header.write) + structure)
  }

  /// Code, and what stands behind the sequence number.
  private func reply(_ packet: [UInt8]) throws -> [UInt8] {
    let answer = try answer(to: packet, in: Topology(parsing: Self.text))
    switch answer.frame.transport {
    case .icmpv4(let header):
      #expect(header.type == .extendedEchoReply && header.rest >> 8 == 0xabcd05)
      return [header.code, UInt8(truncatingIfNeeded: header.rest)]
    case .icmpv6(let header):
      #expect(header.type == .extendedEchoReply && header.rest >> 8 == 0xabcd05)
      return [header.code, UInt8(truncatingIfNeeded: header.rest)]
    default: return []
    }
  }

  @Test(
    "what is asked, and code and state of the answer",
    arguments: [
      (1, Array("ge-0".utf8), [0, 0b111]), (1, Array("ge-0-far".utf8), [0, 0b110]),
      (1, Array("ge-0-far-2".utf8 + [0, 0]), [0, 0b110]), (1, Array("ge-1".utf8), [2, 0]),
      (2, [0, 0, 0, 1], [0, 0b111]), (2, [0, 0, 0, 3], [0, 0b110]), (2, [0, 0, 0, 4], [2, 0]),
      (3, [0, 1, 4, 0, 198, 18, 1, 1], [0, 0b111]),
      // Two interfaces share the far address.
      (3, [0, 1, 4, 0, 198, 18, 1, 129], [4, 0]), (3, [0, 1, 4, 0, 198, 18, 9, 9], [2, 0]),
      (3, hex("00021000 20010db8000100000000000000000001".replacing(" ", with: "")), [0, 0b111]),
      (3, [0, 1, 4, 0, 198], [1, 0]), (2, [0, 0, 1], [1, 0]), (4, [1], [1, 0]),
    ] as [(UInt8, [UInt8], [UInt8])])
  func subjects(type: UInt8, value: [UInt8], expected: [UInt8]) throws {
    #expect(try reply(request("198.18.1.1", type, value)) == expected)
    #expect(try reply(request("2001:db8:1::1", type, value)) == expected)
  }

  @Test func neighboursAndNonsense() throws {
    let name = Array("ge-0".utf8)
    #expect(try reply(request("198.18.1.1", 1, name, isLocal: false)) == [3, 0])
    #expect(try reply(request("198.18.1.1", 1, name, classNumber: 2)) == [1, 0])
  }

  @Test("a router that was not told to answer says nothing")
  func off() throws {
    let topology = try Topology(parsing: Self.text.replacing(" probe", with: ""))
    var network = VirtualNetwork(topology: topology)
    #expect(try answers(to: request("198.18.1.1", 2, [0, 0, 0, 1]), in: &network).isEmpty)
  }
}
