import PacketWire
import Testing

@Suite("Packet errors as text")
struct PacketErrorTests {
  @Test(
    "an error names layer, place and reason",
    arguments: [
      (.truncated(needed: 20, available: 7), "TCP at octet 34: needs 20 octets, 7 are left"),
      (.unexpectedVersion(5), "TCP at octet 34: unexpected version 5"),
      (.badHeaderLength(16), "TCP at octet 34: impossible length 16"),
      (
        .badOptionLength(kind: 8, length: 1),
        "TCP at octet 34: option 8 with impossible length 1"
      ),
      (.unsupported(2_052), "TCP at octet 34: unsupported value 2052"),
      (.badLabelType(64), "TCP at octet 34: reserved label type in octet 64"),
      (
        .badPointer(99),
        "TCP at octet 34: compression pointer to 99 does not point backwards"
      ),
      (.nameTooLong, "TCP at octet 34: name longer than 255 octets"),
      (.tooMany(limit: 8), "TCP at octet 34: more than 8 entries"),
    ] as [(PacketError.Reason, String)])
  func description(reason: PacketError.Reason, expected: String) {
    #expect(PacketError(.tcp, at: 34, reason).description == expected)
  }

  @Test func layerNames() {
    #expect(
      Layer.allCases.map(\.name) == [
        "Ethernet", "802.1Q", "Linux SLL", "Linux SLL2", "BSD loopback", "ARP", "LLC", "MPLS",
        "PPPoE", "PPP", "Cisco HDLC", "Frame Relay", "802.11", "radiotap", "NFLOG", "IPNET", "PPI",
        "PKTAP", "IPv4", "IPv6", "IPv6 extension header", "IGMP", "GRE", "ESP", "AH", "SCTP",
        "DCCP", "VXLAN", "Geneve",
        "ICMP extension", "ICMP", "ICMPv6", "quoted datagram", "UDP", "TCP", "DNS",
        "DHCP", "DHCPv6", "NTP", "TLS", "X.509", "QUIC", "WebSocket",
      ])
  }
}
