import CaptureFile
import CaptureTestSupport
import PacketExplanation
import PacketWire
import Testing

@Suite(
  "public captures explained",
  .enabled(if: SharedCaptures.folder != nil, Comment(rawValue: SharedCaptures.absence)))
struct SharedCaptureTests {
  @Test("every bit of every packet stands in exactly one field")
  func accounting() throws {
    var count = 0
    for capture in try SharedCaptures.list() {
      var reader = CaptureReader()
      let file = try capture.octets()
      reader.append(file.span)
      reader.finish()
      while case .packet(let packet)? = try? reader.next() {
        let explanation = reader.withOctets {
          PacketExplanation(
            of: $0, linkType: packet.linkType, originalLength: packet.originalLength)
        }
        #expect(explanation.accountsForAll, "\(capture) packet \(packet.number)")
        #expect(explanation.count == packet.capturedLength)
        count += 1
      }
    }
    #expect(count > 40_000)
  }

  /// A header's field and tshark's column for it.
  static let columns: [(part: String, field: String, column: String)] = [
    ("IPv4 header", "Time to Live", "ip.ttl"), ("IPv4 header", "Protocol", "ip.proto"),
    ("IPv4 header", "Identification", "ip.id"), ("IPv4 header", "Source Address", "ip.src"),
    ("IPv4 header", "Destination Address", "ip.dst"), ("IPv6 header", "Hop Limit", "ipv6.hlim"),
    ("IPv6 header", "Next Header", "ipv6.nxt"), ("IPv6 header", "Source Address", "ipv6.src"),
    ("TCP header", "Source Port", "tcp.srcport"), ("TCP header", "Sequence Number", "tcp.seq_raw"),
    ("TCP header", "Acknowledgment Number", "tcp.ack_raw"),
    ("TCP header", "Window", "tcp.window_size_value"),
    ("TCP header", "Maximum Segment Size", "tcp.options.mss_val"),
    ("UDP header", "Destination Port", "udp.dstport"), ("UDP header", "Length", "udp.length"),
    ("ICMP header", "Type", "icmp.type"), ("ICMP header", "Code", "icmp.code"),
    ("ICMPv6 header", "Type", "icmpv6.type"), ("ICMPv6 header", "Code", "icmpv6.code"),
  ]
  /// The same for checksums.
  static let checksums: [(part: String, field: String, column: String)] = [
    ("IPv4 header", "Header Checksum", "ip.checksum.status"),
    ("TCP header", "Checksum", "tcp.checksum.status"),
    ("UDP header", "Checksum", "udp.checksum.status"),
    ("ICMP header", "Checksum", "icmp.checksum.status"),
    ("ICMPv6 header", "Checksum", "icmpv6.checksum.status"),
  ]

  /// Where tshark says something else: on a source route it gives the last stop as the destination, and
  /// a PPPoE length that is too small ends its TCP segments too soon.
  static let exceptions = [
    "IpV4PacketTest.pcap": "ip.dst", "pppoe-over-qinq.pcap": "tcp.checksum.status",
  ]

  private static func isException(_ capture: SharedCapture, _ column: String) -> Bool {
    exceptions.contains { capture.file.hasSuffix($0.key) && column == $0.value }
  }

  @Test("values and checksums are tshark's, where a packet has one such header")
  func truth() throws {
    var counts = (values: 0, checksums: 0)
    for capture in try SharedCaptures.list() where capture.tsharkExit == 0 {
      let rows = try capture.truth()
      var reader = CaptureReader()
      let file = try capture.octets()
      reader.append(file.span)
      reader.finish()
      while case .packet(let packet)? = try? reader.next(), packet.number <= rows.count {
        let row = rows[packet.number - 1]
        let explanation = reader.withOctets {
          PacketExplanation(
            of: $0, linkType: packet.linkType, originalLength: packet.originalLength)
        }
        for (part, name, column) in Self.columns {
          guard let field = explanation.only(name, in: part), !row[column].isEmpty,
            !row[column].contains("|"), field.value != "cut",
            !Self.isException(capture, column)
          else { continue }
          counts.values += 1
          let value = field.value.prefix { $0 != " " }
          #expect(value == row[column], "\(capture) \(packet.number) \(column)")
        }
        for (part, name, column) in Self.checksums {
          guard let field = explanation.only(name, in: part), ["0", "1"].contains(row[column]),
            field.verdict == .right || field.verdict == .wrong, !Self.isException(capture, column)
          else { continue }
          counts.checksums += 1
          #expect(
            (field.verdict == .right) == (row[column] == "1"),
            "\(capture) \(packet.number) \(column)")
        }
      }
    }
    #expect(counts.values > 300_000 && counts.checksums > 60_000, "\(counts)")
  }
}

extension PacketExplanation {
  /// The field of that name in the only part of that title.
  fileprivate func only(_ name: String, in title: String) -> ExplainedField? {
    let found = parts.filter { $0.title == title }
    guard found.count == 1 else { return nil }
    return found[0].fields.first { $0.name == name }
  }
}
