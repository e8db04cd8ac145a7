import CaptureFile
import CaptureTestSupport
import PacketWire
import Testing

@testable import FlowAnalysis

/// Public captures against what tshark says of them.
@Suite(
  "Public captures",
  .enabled(if: SharedCaptures.folder != nil, Comment(rawValue: SharedCaptures.absence))
)
struct SharedCaptureTests {
  /// The facts of every packet that can be read, by number.
  static func follow(_ capture: SharedCapture) throws -> [Int: PacketFacts] {
    var reader = CaptureReader()
    let file = try capture.octets()
    reader.append(file.span)
    reader.finish()
    var analysis = FlowAnalysis()
    var facts: [Int: PacketFacts] = [:]
    while let packet = Self.next(&reader) {
      reader.withOctets { octets in
        let frame = Frame(
          decoding: octets, linkType: packet.linkType, originalLength: packet.originalLength)
        facts[packet.number] = analysis.add(
          frame, octets: octets, number: packet.number, time: packet.time,
          originalLength: packet.originalLength)
      }
    }
    return facts
  }

  /// The next packet, as long as the file can be read.
  static func next(_ reader: inout CaptureReader) -> CapturedPacket? {
    do {
      guard case .packet(let packet) = try reader.next() else { return nil }
      return packet
    } catch {
      return nil
    }
  }

  /// A stream of a capture where tshark, or the capture, is another matter; each was looked at.
  static let otherHandshakes: [String: String] = [
    "tcp/zeek__ldap__modify-request.pcapng 0": "each direction has its own VLAN",
    "http/suricata-verify__tcp-fastopen-07__tcp_fastopen_segmentation.pcap 0":
      "the server's answer before the ACK counts as ACK there",
    "http/suricata-verify__tcp-fastopen-07__tcp_fastopen_segmentation.pcap 1":
      "the ACK carries data, which is no ACK there",
    "http/suricata-verify__tcp-fastopen-08__tcp_fastopen_segmentation-s1.pcap 0":
      "the ACK carries data, which is no ACK there",
    "malformed/ndpi__fuzz-2006-09-29-28586.pcap 12": "the server's ACK counts there",
    "quic/mercury__emix.pcap 94": "the ACK carries data, which is no ACK there",
  ]

  /// Captures whose connections are others here, and why.
  static let otherConnections: [String: String] = [
    "tcp/zeek__ldap__modify-request.pcapng": "each direction has its own VLAN",
    "link/ndpi__syslog.pcap": "the same packets on two VLANs",
    "link/zeek__vlan-pcp-dei.pcapng": "the same packets on three VLANs",
    "malformed/ndpi__fuzz-2006-09-29-28586.pcap": "a SYN with damaged flags",
  ]

  /// Frames whose requests tshark finds where there is no HTTP/1.x on the wire, or none that ends.
  static let otherRequests: [String: String] = [
    "http/arkime__socks5-reverse.pcap": "HTTP inside of SOCKS",
    "http/fq__inet__tls12-ipv4-linkframe-keylog.pcapng": "deciphered with the file's own keys",
    "http/suricata-verify__http-chunked__input.pcap": "chunked, and no chunk follows",
    "http/zeek__http__261__variant-08-leading_zeros.pcap": "a chunk size of many zeros",
    "http/zeek__mixed-vlan-mpls.pcap": "HTTP/0.9",
    "malformed/zeek__http__261__variant-01-chunk_2pow64_overflow.pcap": "a chunk size of 2^64",
    "quic/mercury__emix.pcap": "HTTP that follows what is not captured",
    "http/pcap2har-go__insecure.pcap": "taken for another protocol by its port",
  ]

  @Test("every complete handshake that tshark sees is named with its three packets")
  func handshakes() throws {
    var count = 0
    for capture in try SharedCaptures.list() where capture.tsharkExit == 0 {
      let facts = try Self.follow(capture)
      var streams: [String: [TruthRow]] = [:]
      for row in try capture.truth() {
        let stream = row["tcp.stream"]
        guard !stream.isEmpty, !stream.contains("|"), facts[row.number]?.tcp != nil else {
          continue
        }
        streams[stream, default: []].append(row)
      }
      for (stream, rows) in streams {
        let key = "\(capture.file.dropFirst(5)) \(stream)"
        // The column says what was seen before the frame, so the third packet is the one before.
        guard
          let after = rows.firstIndex(where: { (Int($0["tcp.completeness"]) ?? 0) & 7 == 7 }),
          after > 0, Self.otherHandshakes[key] == nil
        else { continue }
        let third = rows[after - 1].number
        let flags = rows.map { (Int($0["tcp.flags"].dropFirst(2), radix: 16) ?? 0) & 0x12 }
        let syn = flags.firstIndex(of: 0x02).map { rows[$0].number }
        let synAck = flags.firstIndex(of: 0x12).map { rows[$0].number }
        let handshake = facts[third]?.tcp?.handshake
        let isCompleted = if case .complete? = facts[third]?.tcp?.opening { true } else { false }
        #expect(isCompleted && handshake?.ack.number == third, "\(key) #\(third)")
        #expect(handshake?.syn.number == syn && handshake?.synAck.number == synAck, "\(key)")
        count += 1
      }
    }
    #expect(count > 600)
  }

  @Test("packets of one connection for tshark are of one connection here")
  func connections() throws {
    var count = 0
    for capture in try SharedCaptures.list() where capture.tsharkExit == 0 {
      let facts = try Self.follow(capture)
      var flowOfStream: [String: FlowID] = [:]
      var streamOfFlow: [FlowID: String] = [:]
      for row in try capture.truth() {
        let stream = row["tcp.stream"]
        guard !stream.isEmpty, !stream.contains("|"), let flow = facts[row.number]?.flow,
          flow.kind == .tcp, Self.otherConnections[String(capture.file.dropFirst(5))] == nil
        else { continue }
        #expect(flowOfStream[stream, default: flow] == flow, "\(capture.file) #\(row.number)")
        #expect(streamOfFlow[flow, default: stream] == stream, "\(capture.file) #\(row.number)")
        (flowOfStream[stream], streamOfFlow[flow]) = (flow, stream)
        count += 1
      }
    }
    #expect(count > 25_000)
  }

  @Test("requests are whole at the frame where tshark says so, with its method and target")
  func requests() throws {
    var count = 0
    for capture in try SharedCaptures.list() where capture.tsharkExit == 0 {
      let name = String(capture.file.dropFirst(5))
      guard Self.otherRequests[name] == nil else { continue }
      let facts = try Self.follow(capture)
      for row in try capture.truth() {
        guard let tcp = facts[row.number]?.tcp else { continue }
        let ended = (tcp.stream?.events ?? []).compactMap { event -> HTTPRequestReference? in
          guard case .requestEnd(let end) = event, end.cause == .complete else { return nil }
          return end.request
        }
        let methods = ended.map { text($0.method) }.joined(separator: "|")
        #expect(methods == row["http.request.method"], "\(name) #\(row.number)")
        if ended.count == 1 {
          // tshark escapes what is not printable, and drops blanks.
          let (uri, target) = (row["http.request.uri"], text(ended[0].target))
          let isPlain = !uri.contains("\\") && !target.contains(" ")
          #expect(!isPlain || target == uri, "\(name) #\(row.number)")
        }
        count += ended.count
      }
    }
    #expect(count > 250)
  }

  @Test("an answer is paired exactly when the capture holds its query")
  func answers() throws {
    var count = 0
    for capture in try SharedCaptures.list() where capture.tsharkExit == 0 {
      let facts = try Self.follow(capture)
      var queries: Set<String> = []
      for row in try capture.truth() {
        guard let dns = facts[row.number]?.dns, dns.service == .dns else { continue }
        let (source, destination) = (
          row["ip.src"] + row["ipv6.src"], row["ip.dst"] + row["ipv6.dst"]
        )
        let (from, to) = (row["udp.srcport"], row["udp.dstport"])
        let question = "\(row["dns.id"]) \(row["dns.qry.name"].lowercased()) \(row["dns.qry.type"])"
        guard !source.contains("|"), !row["dns.id"].contains("|"), !row["dns.id"].isEmpty else {
          continue
        }
        switch dns.role {
        case .query: queries.insert("\(source) \(from) \(destination) \(to) \(question)")
        case .answer(let query, _):
          let isThere = queries.contains("\(destination) \(to) \(source) \(from) \(question)")
          #expect((query != nil) == isThere, "\(capture.file) #\(row.number)")
          count += 1
        }
      }
    }
    #expect(count > 500)
  }
}
