import Testing

extension Unhurried {
  @Suite("Filters and VLAN tags on a real interface")
  struct TaggedFilters {
    static let filters = [
      "udp dst port 7777", "not udp", "icmp", "host 10.5.0.2", "greater 100", "less 59 and udp",
      "ip[8] = 64", "vlan 5 and icmp", "vlan", "arp",
    ]

    /// Two namespaces with a cable between them. What comes out at the far end has its outer tag taken
    /// off by the kernel, which keeps it beside the packet; at this end it stands in the frame.
    private static let cable = """
      unshare -n sleep 100 & far=$!; sleep 0.3
      sysctl -qw net.ipv6.conf.default.disable_ipv6=1
      nsenter -t $far -n sysctl -qw net.ipv6.conf.default.disable_ipv6=1
      ip link add va type veth peer name vb netns $far || exit 9
      ip link set va up; nsenter -t $far -n ip link set vb up
      """

    /// Short and long datagrams, echoes and questions for addresses: without a tag, in VLAN 5, and in
    /// VLAN 8 of the provider's VLAN 7. A kernel that knows VLANs would send no other frames.
    private static let traffic = #"""
      python3 - <<'END'
      import socket
      wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
      wire.bind(("va", 0))
      def ip(protocol, body):
          length = bytes.fromhex("4500%04x00000000" % (20 + len(body)))
          return length + bytes([64, protocol, 0, 0, 10, 5, 0, 1, 10, 5, 0, 2]) + body
      def udp(length):
          return ip(17, bytes.fromhex("04d21e61%04x0000" % (8 + length)) + bytes(length))
      for tags in "", "81000005", "88a8000781000008":
          front = bytes.fromhex("02000000000202000000000a" + tags)
          for type, body in ("0800", udp(6)), ("0800", udp(16)), ("0800", udp(90)), (
              "0800", ip(1, bytes.fromhex("0800000000010001") + bytes(40))), (
              "0806", bytes.fromhex("00010800060400010200000000010a050001" + "00" * 6 + "0a050002")):
              wire.send(front + bytes.fromhex(type) + body)
      END
      """#

    @Test("the same packets live and from the file, at both ends", arguments: ["va", "vb"])
    func liveAndFile(interface: String) throws {
      try #require(LiveLab.isRoot)
      let captures = Self.filters.enumerated().map { index, filter in
        "$at sniff-swift -i \(interface) -w \(index).pcap '\(filter)' 2> \(index).err & "
          + "jobs=\"$jobs $!\""
      }
      let comparisons = Self.filters.enumerated().map { index, filter in
        """
        sniff-swift -t -n -e -r all.pcap '\(filter)' > file; sniff-swift -t -n -e -r \(index).pcap > live
        cmp -s file live || { echo "DIFFERENT \(filter)"; diff file live; }
        echo "\(filter): $(wc -l < file)"
        """
      }
      let result = try LiveLab.run([
        "lab-swift", "run", "--", "bash", "-c",
        """
        cd "$FOLDER"; \(Self.cable)
        at=''; [ \(interface) = va ] || at="nsenter -t $far -n"
        $at sniff-swift -i \(interface) -w all.pcap 2> all.err & all=$!
        \(captures.joined(separator: "\n"))
        until [ $(grep -l listening *.err | wc -l) = \(Self.filters.count + 1) ]; do sleep 0.1; done
        \(Self.traffic)
        sleep 0.6; kill $jobs; sleep 0.2; kill $all; wait $jobs $all; kill $far
        \(comparisons.joined(separator: "\n"))
        sniff-swift -n -e -r all.pcap | grep -c 'ethertype 802.1Q'
        """,
      ])
      #expect(result.code == 0, "\(result.errors)")
      #expect(!result.output.contains("DIFFERENT"), "\(result.output)")
      let counts = Dictionary(
        result.lines.compactMap { line -> (String, Int)? in
          let parts = line.split(separator: ":")
          guard parts.count == 2, let count = Int(parts[1].dropFirst()) else { return nil }
          return (String(parts[0]), count)
        }, uniquingKeysWith: { a, _ in a })
      // Three datagrams, an echo and a question with each kind of tags.
      let expected = [
        "udp dst port 7777": 9, "not udp": 6, "icmp": 3, "host 10.5.0.2": 15, "greater 100": 3,
        "vlan 5 and icmp": 1, "vlan": 10, "ip[8] = 64": 12, "arp": 3,
        // 48, 52 and 56 octets; 58 without a tag.
        "less 59 and udp": 4,
      ]
      for (filter, count) in expected { #expect(counts[filter] == count, "\(filter): \(counts)") }
      #expect(result.lines.last == "10", "\(result.lines)")
    }

    @Test(
      "`any` finds what is behind the tag that the kernel has taken off, and behind a second one")
    func any() throws {
      try #require(LiveLab.isRoot)
      let result = try LiveLab.run([
        "lab-swift", "run", "--", "bash", "-c",
        """
        cd "$FOLDER"; \(Self.cable)
        nsenter -t $far -n sniff-swift -n -t -l -i any udp dst port 7777 > lines 2> err & s=$!
        until grep -q listening err; do sleep 0.1; done
        \(Self.traffic)
        sleep 0.6; kill $s $far; wait $s; grep -c ' 10[.]5[.]0[.]1' lines
        """,
      ])
      #expect(result.lines.last == "6", "\(result.lines) \(result.errors)")
    }
  }
}
