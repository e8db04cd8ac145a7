import PacketExplanation
import PacketWire
import ProbeEngine
import ProbeEvidence
import Testing

extension Live {
  /// The system's own ping, as tcpdump captures it, read as the evidence of a session.
  @Suite("Evidence made by ping and tcpdump")
  struct Evidence {
    private static let topology = """
      client  client.test  198.18.0.2    2001:db8::2
      router  first.test   198.18.1.1    2001:db8:1::1   delay 2ms dscp 8 bleach
      router  second.test  198.18.2.1    2001:db8:2::1   delay 2ms mpls 24001 interface ge-0
      site    www.test     203.0.113.80  2001:db8:cb::80 delay 2ms
      """

    private func events(of target: String, _ family: IPFamily) throws -> [EvidenceEvent] {
      let filter =
        family == .v4
        ? "icmp" : "icmp6 and (ip6[40] = 128 or ip6[40] = 129 or ip6[40] = 3)"
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        tcpdump --immediate-mode -Z root -i wan0 -Unw theirs.pcap '\(filter)' 2> ready & tcpdump=$!
        until grep -q listening ready; do sleep 0.05; done
        ping -q -c 2 -i 0.2 -Q 0xba \(target) > /dev/null
        ping -q -c 1 -W 2 -t 2 -s 200 -Q 0xba \(target) > /dev/null
        sleep 0.2; kill $tcpdump; wait $tcpdump
        od -v -An -tx1 theirs.pcap
        """, topology: Self.topology)
      let file = result.output.split { $0 == " " || $0 == "\n" }.compactMap { UInt8($0, radix: 16) }
      var reader = EvidenceReader()
      reader.append(file.span)
      reader.finish()
      var events: [EvidenceEvent] = []
      while case .event(let event) = reader.next() { events.append(event) }
      #expect(reader.problem == nil && reader.skippedCount == 0 && reader.session == nil)
      return events
    }

    @Test(
      "directions, round trips, and what the routers did to the probe",
      arguments: [("203.0.113.80", IPFamily.v4), ("2001:db8:cb::80", .v6)])
    func replay(target: String, family: IPFamily) throws {
      let events = try events(of: target, family)
      #expect(
        events.map(\.direction) == [.sent, .received, .sent, .received, .sent, .received])
      try #require(events.count == 6)
      for pair in [0, 2] {
        let roundTrip = events[pair].timing.roundTrip(to: events[pair + 1].arrival)
        #expect(roundTrip.source == .kernel && roundTrip.duration >= .milliseconds(12))
      }

      let error = try #require(events[5].packet.reception)
      let found = ICMPErrorDetail(error.message.span, framing: .message, family: family)
      let detail = try #require(found)
      #expect(detail.isTimeExceeded && detail.extensions?.labels.map(\.label) == [24_001])
      #expect(detail.extensions?.interfaces.first?.name == Array("ge-0".utf8))
      let alteration = try ProbeAlteration(
        sent: SentDatagram(octets: events[4].packet.octets),
        quotation: error.message.span.extracting(detail.quotation),
        isTimeExceeded: detail.isTimeExceeded)
      #expect(alteration.changes.map(\.change) == [.dscpRemarked, .ecnBleached])
      #expect(alteration.hopsLeft == .asArrived)

      for event in events {
        let explanation = PacketExplanation(of: event.packet.octets.span)
        #expect(explanation.parts.allSatisfy { $0.problem == nil })
        #expect(explanation.fields.allSatisfy { $0.verdict != .wrong })
        #expect(explanation.fields.reduce(0) { $0 + $1.bits.count } == 8 * explanation.count)
      }
    }
  }
}
