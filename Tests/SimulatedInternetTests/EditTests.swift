import PacketTestSupport
import PacketWire
import SimulatedInternet
import Testing

@Suite("What routers change in packets")
struct EditTests {
  static let sites = ["203.0.113.80", "2001:db8:cb::80"]

  /// What comes out at the site, all checksums verified, behind a router that edits.
  private func edited(
    _ packet: [UInt8], _ change: (inout PacketEdits) -> Void
  ) throws -> Answer {
    var topology = path(1) { _ in }
    change(&topology.routers[0].edits)
    var internet = SimulatedInternet(topology: topology)
    for case .deliver(let octets, .server, _) in internet.step(
      .packet(packet, from: .client), at: .init(nanoseconds: 0))
    {
      return Answer(octets)
    }
    throw Missing()
  }

  private struct Missing: Error {}

  private func trafficClass(_ answer: Answer) -> UInt8? {
    switch answer.frame.network {
    case .ipv4(let header): header.typeOfService
    case .ipv6(let header): header.trafficClass
    default: nil
    }
  }

  @Test(
    "DSCP is remarked and ECN bleached, each by itself",
    arguments: [
      // What was sent, the DSCP, whether ECN is bleached, and what arrives.
      (0b101110_10, nil, false, 0b101110_10), (0b101110_10, 0, false, 0b000000_10),
      (0b101110_10, nil, true, 0b101110_00), (0b000000_11, 63, true, 0b111111_00),
      (0b010101_01, 42, false, 0b101010_01),
    ] as [(UInt8, UInt8?, Bool, UInt8)])
  func trafficClasses(sent: UInt8, dscp: UInt8?, bleaches: Bool, expected: UInt8) throws {
    for site in Self.sites {
      var probe = try Probe(to: site)
      probe.typeOfService = sent
      let answer = try edited(probe.udp()) { ($0.dscp, $0.bleachesECN) = (dscp, bleaches) }
      #expect(trafficClass(answer) == expected)
      if case .ipv6(let header) = answer.frame.network { #expect(header.flowLabel == 0) }
    }
  }

  @Test func theFlowLabelStays() throws {
    var header = IPv6Header(
      nextHeader: .udp, from: try #require(IPv6Address("2001:db8::2")),
      to: try #require(IPv6Address("2001:db8:cb::80")))
    (header.trafficClass, header.flowLabel) = (0xff, 0xfedcb)
    let udp = try Probe(to: "2001:db8:cb::80").udp()
    try header.fill(payloadLength: udp.count - 40)
    let packet = written(40, header.write) + udp[40...]
    let answer = try edited(packet) { ($0.dscp, $0.bleachesECN) = (0, true) }
    guard case .ipv6(let received) = answer.frame.network else { throw Missing() }
    #expect(received.trafficClass == 0 && received.flowLabel == 0xfedcb)
  }

  private func segment(_ flags: TCPHeader.Flags, options: String, to site: String) throws -> [UInt8]
  {
    let probe = try Probe(to: site)
    var header = TCPHeader(from: 50_000, to: 80, flags: flags)
    header.options = try #require(OptionOctets(padding: hex(options)))
    let payload: [UInt8] = [1, 2, 3]
    header.fill(payload: payload.span, from: probe.source, to: probe.destination)
    return try probe.packet(.tcp, written(header.length, header.write) + payload)
  }

  @Test(
    "SYNs announce no longer segment",
    arguments: [
      // At an even place, at an odd one, behind other options, and twice.
      ("0204 05b4", "0204 0550"), ("01 0204 ffff 00", "01 0204 0550 00 0000"),
      (
        "0402 080a 00000001 00000002 01 0204 05b4",
        "0402 080a 00000001 00000002 01 0204 0550 000000"
      ),
      // What is short enough, of another length, behind the end, or cut stays as it is.
      ("0204 0550", "0204 0550"), ("0206 05b4 0000", "0206 05b4 0000 0000"),
      ("00 0204 05b4", "00 0204 05b4 0000 00"), ("01 01 01 02", "01 01 01 02"),
      ("0300 0204 05b4", "0300 0204 05b4 0000"),
    ])
  func segmentSizes(sent: String, expected: String) throws {
    for site in Self.sites {
      for flags: TCPHeader.Flags in [.syn, [.syn, .ack]] {
        let answer = try edited(segment(flags, options: sent, to: site)) {
          $0.maximumSegmentSize = 1360
        }
        guard case .tcp(let header) = answer.frame.transport else { throw Missing() }
        #expect(Array(copying: header.options.span) == hex(expected))
        #expect(answer.payload == [1, 2, 3])
      }
      let later = try edited(segment(.ack, options: sent, to: site)) {
        $0.maximumSegmentSize = 1360
      }
      guard case .tcp(let header) = later.frame.transport else { throw Missing() }
      #expect(Array(copying: header.options.span).starts(with: hex(sent)))
    }
  }

  @Test("an error quotes what the routers before have changed")
  func quotation() throws {
    var topology = path(2) { _ in }
    topology.routers[0].edits.dscp = 8
    for site in Self.sites {
      let answer = try answer(to: Probe(to: site, hopLimit: 2).udp(), in: topology)
      let quoted = Frame(decoding: answer.payload.span, linkType: .raw)
      switch quoted.network {
      case .ipv4(let header): #expect(header.typeOfService == 0x20 && header.isChecksumValid)
      case .ipv6(let header): #expect(header.trafficClass == 0x20)
      default: throw Missing()
      }
    }
  }
}
