import PacketTestSupport
import PacketWire
import SimulatedInternet
import Testing

@Suite("What errors tell beside the quotation")
struct ExtensionTests {
  static let sites = ["203.0.113.80", "2001:db8:cb::80"]

  private func topology(_ change: (inout RouterManners) -> Void) -> Topology {
    var topology = path(2) { _ in }
    topology.routers[0].link.homeward.mtu = 9000
    change(&topology.routers[0].manners)
    return topology
  }

  /// The extension structure, its checksum verified.
  private func structure(_ answer: Answer) throws -> [UInt8] {
    let found = answer.frame.icmpExtensions(in: answer.octets.span)
    let octets = Array(answer.octets[try #require(found)])
    var sum = InternetChecksum()
    sum.add(octets.span)
    #expect(sum.value == 0)
    return octets
  }

  @Test("labels (RFC 4950 §3)", arguments: sites)
  func labels(site: String) throws {
    let answer = try answer(
      to: Probe(to: site, hopLimit: 1).udp(), in: topology { $0.labels = [24001, 16] })
    // 24001 is 0x05dc1; the last one has the bottom bit; both have a time to live of 1.
    let expected = hex("000c 01 01  05dc1 0 01  00010 1 01".replacing(" ", with: ""))
    #expect(try Array(structure(answer).dropFirst(4)) == expected)
    #expect(answer.octets.count == (site.contains(":") ? 40 : 20) + 8 + 128 + 4 + 12)
    let length = answer.octets[answer.frame.transportOffset + (site.contains(":") ? 4 : 5)]
    #expect(length == (site.contains(":") ? 16 : 32))
  }

  @Test("extensions as before RFC 4884 told where they stand", arguments: sites)
  func oldStyle(site: String) throws {
    for size in [2, 500] {
      let probe = try Probe(to: site, hopLimit: 1).udp(payload: .init(repeating: 7, count: size))
      let answer = try answer(
        to: probe,
        in: topology {
          $0.labels = [24001]
          $0.extendsOldStyle = true
        })
      #expect(answer.octets.count == (site.contains(":") ? 40 : 20) + 8 + 128 + 4 + 8)
      #expect(answer.octets[answer.frame.transportOffset + (site.contains(":") ? 4 : 5)] == 0)
      #expect(try Array(structure(answer).dropFirst(4)) == hex("0008010105dc1101"))
    }
  }

  @Test func anInterface() throws {
    let answer = try answer(
      to: Probe(to: Self.sites[0], hopLimit: 1).udp(),
      in: topology { $0.interfaceName = "xe-0/1" })
    let expected = hex(
      "001c 02 0f  00000001  0001 0000 c6120101  08 78652d302f31 00  00002328")
    #expect(try Array(structure(answer).dropFirst(4)) == expected)
    let ipv6 = try self.answer(
      to: Probe(to: Self.sites[1], hopLimit: 1).udp(),
      in: topology { $0.interfaceName = "eth0" })
    let expected6 = hex(
      "0028 02 0f  00000001  0002 0000 20010db8000100000000000000000001  08 65746830 000000"
        + "00002328")
    #expect(try Array(structure(ipv6).dropFirst(4)) == expected6)
  }

  private func answer(to packet: [UInt8], in topology: Topology) throws -> Answer {
    try SimulatedInternetTests.answer(to: packet, in: topology)
  }

  @Test("a long packet is quoted in whole words, and the error is no longer than it may be")
  func longPackets() throws {
    for (site, maximum, unit) in [(Self.sites[0], 576, 4), (Self.sites[1], 1280, 8)] {
      let packet = try Probe(to: site, hopLimit: 1).udp(payload: [UInt8](repeating: 5, count: 1401))
      let answer = try answer(to: packet, in: topology { $0.labels = [7] })
      let octets = try structure(answer)
      #expect(octets.count == 12 && answer.octets.count <= maximum)
      #expect(answer.octets.count > maximum - unit)
      let quoted = answer.payload.dropLast(12)
      #expect(quoted.count % unit == 0 && packet.starts(with: quoted))
    }
  }

  @Test("a short quotation is filled up with zeros")
  func shortQuotation() throws {
    let packet = try Probe(to: Self.sites[0], hopLimit: 1).udp(payload: [1, 2, 3, 4, 5])
    let answer = try answer(
      to: packet,
      in: topology { ($0.labels, $0.quotedLength) = ([7], 28) })
    #expect(Array(answer.payload.prefix(28)) == Array(packet.prefix(28)))
    #expect(answer.payload[28..<128].allSatisfy { $0 == 0 })
    #expect(try structure(answer).count == 12)
  }

  @Test("packet too big of IPv6 has no place for them (RFC 4884 §4), fragmentation needed has")
  func tooBig() throws {
    var topology = topology { $0.labels = [7] }
    topology.routers[1].link.outward.mtu = 1300
    let ipv6 = try answer(
      to: Probe(to: Self.sites[1]).udp(payload: [UInt8](repeating: 0, count: 1300)), in: topology)
    let none = ipv6.frame.icmpExtensions(in: ipv6.octets.span)
    #expect(ipv6.typeAndCode == [2, 0] && none == nil)
    guard case .icmpv6(let header) = ipv6.frame.transport else { return }
    #expect(header.rest == 1300)
    var probe = try Probe(to: Self.sites[0])
    probe.flagsAndOffset = 0x4000
    let ipv4 = try answer(
      to: probe.udp(payload: [UInt8](repeating: 0, count: 1300)), in: topology)
    guard case .icmpv4(let header) = ipv4.frame.transport else { return }
    #expect(header.nextHopMTU == 1300 && header.rest >> 16 == 134)
    #expect(try structure(ipv4).count == 12)
  }
}
