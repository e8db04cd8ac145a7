import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeEvidence
import Testing

/// What tshark, capinfos and tcpdump read of the file of a session.
@Suite(
  "Session files beside tshark, capinfos and tcpdump",
  .enabled(
    if: CapturePeers.areHere, "tshark, capinfos or tcpdump is not installed here"))
struct EvidenceFileTests {
  private static let source = IPAddress.v4(IPv4Address(198, 18, 0, 2))
  private static let target = IPAddress.v4(IPv4Address(203, 0, 113, 80))

  private static func echo(_ type: ICMPv4Header.MessageType, _ number: UInt16) -> [UInt8] {
    let data: [UInt8] = Array(0..<16)
    var header = ICMPv4Header(type, identifier: 0xbeef, sequenceNumber: number)
    header.fill(payload: data.span)
    return [UInt8](capacity: 24) { out in
      header.write(to: &out)
      out.append(copying: data.span)
    }
  }

  private static func packet(
    _ type: ICMPv4Header.MessageType, _ number: UInt16
  ) throws -> EvidencePacket {
    let isReply = type == .echoReply
    let message = echo(type, number)
    return try EvidencePacket(
      message: message.span,
      in: IPEnvelope(
        from: isReply ? target : source, to: isReply ? source : target, carrying: .icmp,
        timeToLive: isReply ? 57 : 64))
  }

  private static func clock(_ milliseconds: Int64) -> ClockSample {
    ClockSample(
      monotonic: MonotonicInstant(nanoseconds: milliseconds * 1_000_000),
      wall: WallInstant(nanoseconds: 1_700_000_000_000_000_000 + milliseconds * 1_000_000))
  }

  /// Two probes, an answer and an error.
  private static func file() throws -> [UInt8] {
    var session = EvidenceSession(
      tool: "ping-swift", version: "1.2", commandLine: ["ping-swift", "-c", "2", "site.test"])
    session.targets = [.init(typed: "site.test", address: target, source: source)]
    session.cookieKey = EvidenceKey(1, 2)
    var writer = EvidenceWriter(session)
    let (first, second) = (EvidencePacket.Probe(1), EvidencePacket.Probe(2))
    var file = writer.begin(at: clock(0).wall, operatingSystem: "Linux")
    file += writer.sent(first, try packet(.echoRequest, 1), at: clock(1))
    file += writer.transmitted(first, at: WallInstant(nanoseconds: clock(1).wall.nanoseconds + 77))
    file += writer.received(
      try packet(.echoReply, 1), .answer(first, after: .milliseconds(8)),
      at: Arrival(clock: clock(9)))
    let probe = try packet(.echoRequest, 2)
    file += writer.sent(second, probe, at: clock(1_001))
    let error = try EvidencePacket(
      errorOfType: 3, code: 4, rest: 1_400, about: SentDatagram(octets: probe.octets),
      from: .v4(IPv4Address(198, 18, 3, 1)), to: source)
    file += writer.received(
      error, .error(second, "Frag needed"), at: Arrival(clock: clock(1_003)))
    return file + writer.finish(at: clock(1_004).wall)
  }

  /// Runs a line with `$f` as the name of the session's file.
  private func run(_ line: String, named name: String) throws -> String {
    let path = "/tmp/wirewalk-evidence-\(processNumber)-\(name).pcapng"
    let descriptor = try Descriptor.createForWriting(path)
    defer { removeFile(path) }
    let file = try Self.file()
    try writeAll(file.span, to: descriptor.rawValue)
    let result = try CommandResult(of: "f=\(path); \(line)", named: name)
    #expect(result.exit == .exited(0), "\(result.error)")
    return result.output
  }

  @Test("tshark: times, directions, comments, and nothing malformed")
  func tshark() throws {
    let fields =
      "-e frame.time_epoch -e frame.packet_flags_direction -e ip.src -e ip.dst -e icmp.type "
      + "-e ip.checksum.status -e icmp.checksum.status -e icmp.mtu -e _ws.malformed"
    let lines = try run(
      "tshark -n -o ip.check_checksum:TRUE -r $f -T fields \(fields) 2> /dev/null",
      named: "evidence-tshark"
    ).split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    try #require(lines.count == 4)
    #expect(
      lines.map { String($0[0]) } == [
        "1700000000.001000077", "1700000000.009000000", "1700000001.001000000",
        "1700000001.003000000",
      ])
    #expect(lines.map { String($0[1].suffix(1)) } == ["2", "1", "2", "1"])
    #expect(lines.map { String($0[4]) } == ["8", "0", "8", "3,8"])
    #expect(lines.allSatisfy { $0[5].hasPrefix("1") && $0[6].hasPrefix("1") && $0[8].isEmpty })
    #expect(lines[3][7] == "1400")
    let comments = try run(
      "tshark -n -r $f -T fields -e frame.comment 2> /dev/null", named: "evidence-comments")
    #expect(comments.contains("answer to probe 1 to 203.0.113.80 after 8.000 ms"))
    #expect(comments.contains("ICMP error about probe 2 to 203.0.113.80: Frag needed"))
    let names = try run(
      "tshark -N n -r $f -Y 'icmp.type == 0' -T fields -e ip.src_host 2> /dev/null",
      named: "evidence-names")
    #expect(names == "site.test\n")
  }

  @Test("capinfos: the program, its command line, names and counts")
  func capinfos() throws {
    let report = try run("capinfos $f", named: "evidence-capinfos")
    let lines = report.split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
    for expected in [
      "Number of packets: 4", "Capture application: ping-swift 1.2", "Capture oper-sys: Linux",
      "Number of interfaces in file: 1", "Name = session", "Number of stat entries = 1",
      "Time precision = nanoseconds (9)", "Number of resolved IPv4 addresses in file: 1",
    ] {
      #expect(lines.contains(expected), "\(expected)")
    }
    #expect(lines.contains { $0.hasSuffix("Command line: ping-swift -c 2 site.test") })
  }

  @Test("tcpdump: the four packets")
  func tcpdump() throws {
    let report = try run("tcpdump -nn -t -r $f 2> /dev/null", named: "evidence-tcpdump")
    let lines = report.split(separator: "\n").map { String($0) }
    let echo = "id 48879, seq"
    #expect(
      lines == [
        "IP 198.18.0.2 > 203.0.113.80: ICMP echo request, \(echo) 1, length 24",
        "IP 203.0.113.80 > 198.18.0.2: ICMP echo reply, \(echo) 1, length 24",
        "IP 198.18.0.2 > 203.0.113.80: ICMP echo request, \(echo) 2, length 24",
        "IP 198.18.3.1 > 198.18.0.2: ICMP 203.0.113.80 unreachable - need to frag (mtu 1400), "
          + "length 52",
      ])
  }
}
