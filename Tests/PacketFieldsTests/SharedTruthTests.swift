import CaptureFile
import CaptureTestSupport
import PacketFields
import PacketText
import PacketWire
import Testing

@Suite(
  "fields of public captures",
  .enabled(if: SharedCaptures.folder != nil, Comment(rawValue: SharedCaptures.absence)))
struct SharedTruthTests {
  /// Captures in which nothing differs; scripts/conformance compares them all.
  static let captures = [
    "pcap/dns/ipfixprobe__dns.pcap", "pcap/http/ndpi__quickplay.pcap",
    "pcap/dns/pcapplusplus__raw_ip.pcap",
    "pcap/dns/tcpdump__dnssec.pcap", "pcap/dns/zeek__wikipedia-filtered-plus-udp.pcap",
    "pcap/icmp/tcpdump__icmpv6-RFC2894-RR.pcap", "pcap/icmp/zeek__ipv6_zero_len_ah.pcap",
    "pcap/ip/chrissanders__ipv6_fragments.pcapng", "pcap/ip/libpcap__filter__ah-ipip-ping.pcap",
    "pcap/ip/ndpi__dns_fragmented.pcap", "pcap/ip/tcpdump__ipv6-routing-header.pcap",
    "pcap/link/ptcpdump__tfo.pcap", "pcap/link/zeek__linuxsll-arp.pcap",
    "pcap/link/zeek__q-in-q.pcap", "pcap/tcp/zeek__tunnels__gre-aruba.pcap",
    "pcap/malformed/tcpdump__l2tp-avp-overflow.pcap",
    "pcap/walkthrough/zeek__wikipedia.pcap",
    "pcap/walkthrough/fq__tls__testtls.com.http1.1-tls1.2.pcap",
    "pcap/tls/snet__tls1.3_session_resumption.pcap",
    "pcap/websocket/suricata-verify__websocket__basic_websockets.pcap",
    "pcap/websocket/zeek__websocket__wstunnel-https.pcap",
    "pcap/http2/suricata-verify__http2-deflate__http2_deflate.pcap",
    "pcap/http/arkime__ntlm_synthetic.pcap", "pcap/quic/fq__many_interfaces.pcapng",
    "pcap/quic/ipfixprobe__quic_initial-sample.pcap", "pcap/quic/mercury__quic_fragmented.pcap",
    "pcap/quic/nfstream__quic_0RTT.pcap",
  ]

  @Test("every cell is tshark's", arguments: captures)
  func agreement(_ file: String) throws {
    let capture = try #require(try SharedCaptures.list().first { $0.file == file })
    let truth = try capture.truth()
    let rows = try rows(of: capture)
    #expect(rows.count == truth.count)
    for (seen, expected) in zip(rows, truth) {
      // What has no decoder here has no name either: scripts/conformance compares that.
      for field in PacketField.all
      where expected.has(field.name) && field.name != "frame.protocols" {
        #expect(
          seen[field.name] ?? "" == expected[field.name], "\(expected.number): \(field.name)")
      }
    }
  }

  private func rows(of capture: SharedCapture) throws -> [[String: String]] {
    var printer = FieldPrinter(PacketField.all)
    var rows: [[String: String]] = []
    let file = try capture.octets()
    var reader = CaptureReader()
    reader.append(file.span)
    reader.finish()
    while case .packet(let packet)? = try? reader.next() {
      let interface = reader.namesInterfaces ? packet.interface : nil
      reader.withOctets { octets in
        var out = TextBuffer()
        let frame = Frame(
          decoding: octets, linkType: packet.linkType, originalLength: packet.originalLength)
        printer.append(
          FieldPacket(
            number: packet.number, time: packet.time, originalLength: packet.originalLength,
            interface: interface),
          frame, octets, into: &out)
        let cells = out.string.dropLast().split(
          separator: "\t", omittingEmptySubsequences: false)
        rows.append(named(cells.map { String($0) }, PacketField.all))
      }
    }
    return rows
  }
}
