import Testing

/// `lab-swift sockets`, whose output is what really happened: ports and numbers of the kernel's choice
/// differ from run to run, what is to be learnt from them must not.
@Suite("Every kind of socket, shown", .serialized, .enabled(if: LabProcess.obstacle == nil))
struct SocketsLiveTests {
  private func show(_ arguments: String...) throws -> [String] {
    let outcome = try LabProcess.run(
      ["env", "COLUMNS=1000", LabProcess.path, "sockets"] + arguments)
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return outcome.lines.map(String.init)
  }

  @Test("a stream: each call, what it returned, and the segments that it sent")
  func stream() throws {
    let lines = try show("stream")
    let connect = try #require(lines.firstIndex { $0.contains("client  connect(") })
    #expect(
      lines[connect].hasSuffix("192.0.2.2:9000) = -1 EINPROGRESS (Operation now in progress)"))
    let handshake = lines[(connect + 1)...(connect + 3)]
    #expect(handshake.map { $0.prefix(9) } == ["    -->  ", "    <--  ", "    -->  "])
    for (line, flags) in zip(handshake, ["[S]", "[S.]", "[.]"]) {
      #expect(line.contains("Flags \(flags), "))
    }
    // Nothing else has gone over the wire before.
    #expect(!lines[..<connect].contains { $0.contains("  IP ") })
    #expect(lines.count { $0.contains("client  send(") } == 3)
    #expect(lines.contains { $0.contains("recv(") && $0.hasSuffix("\"onetwothree\", 64, 0) = 11") })
    #expect(
      lines.contains { $0.hasSuffix("\"\", 64, 0) = -1 EAGAIN (Resource temporarily unavailable)") }
    )
    let shutdown = try #require(lines.firstIndex { $0.contains("shutdown(") })
    #expect(lines[shutdown + 1].contains("Flags [F.]"))
    #expect(lines.contains { $0.hasSuffix("\"bye\", 64, 0) = 3") })
    #expect(!lines.contains { $0.contains("x  IP") })
  }

  @Test("datagrams: boundaries, what is cut off, and nobody there")
  func datagrams() throws {
    let lines = try show("datagram")
    #expect(lines.count { $0.contains("UDP, length 3") } == 2)
    for (word, room) in [("one", 64), ("two", 64), ("th", 2)] {
      #expect(
        lines.contains {
          $0.contains("recvfrom(") && $0.contains("\"\(word)\", \(room), 0, 192.0.2.1:")
        })
    }
    let refused = try #require(lines.firstIndex { $0.contains("udp port 9000 unreachable") })
    #expect(lines[refused + 1].hasSuffix(" = -1 ECONNREFUSED (Connection refused)"))
  }

  @Test("raw: the octets of a packet that the program built arrive as they were")
  func raw() throws {
    let lines = try show("raw")
    #expect(
      lines.contains { $0.hasPrefix("          0x0000:  4500 0029 cafe 0000 4d11 1ec2 c000 0201") })
    #expect(lines.contains { $0.hasSuffix("IP 192.0.2.1.12345 > 192.0.2.2.9000: UDP, length 13") })
    #expect(lines.contains { $0.hasSuffix("\"my own header\", 64, 0, 192.0.2.1:12345) = 13") })
    #expect(
      lines.contains { $0.hasSuffix("time to live 77, identification 51966, 41 octets in all.") })
  }

  @Test("sequenced packets: one recv for one send, and nothing on any wire")
  func sequencedPackets() throws {
    let lines = try show("seqpacket")
    for word in ["one", "two"] {
      #expect(
        lines.contains { $0.contains("server  recv(") && $0.hasSuffix("\"\(word)\", 64, 0) = 3") })
    }
    #expect(!lines.contains { $0.contains("  IP ") })
  }

  @Test("a bad link: a datagram is lost and one overtaken; of a stream everything comes")
  func loss() throws {
    let lines = try show("loss")
    let received = try #require(lines.first { $0.contains("Received: ") })
    #expect(received.contains("Lost: 4; the order is not the one in which they were sent."))
    #expect(lines.contains { $0.contains("--x  lost") && $0.hasSuffix("UDP, length 4") })
    let end = try #require(lines.first { $0.contains("recv gave") })
    #expect(!end.contains("No segment was lost"))
    #expect(
      end.contains("\"122333444455555666666777777788888888\": everything, once and in order."))
    // Another seed, another fate.
    #expect(
      try show("loss", "--seed", "6").contains { $0.contains("Received: 1 2 5 6 7 8. Lost: 3 4;") })
  }

  @Test("the loopback interface will do, but shows no packets")
  func loopback() throws {
    let lines = try show("--loopback")
    for word in ["stream", "datagram", "raw", "seqpacket", "loss"] {
      #expect(lines.contains { $0.hasPrefix("\(word)  ") })
    }
    #expect(lines.contains { $0.hasSuffix("\"onetwothree\", 64, 0) = 11") })
    #expect(!lines.contains { $0.contains("  IP 1") })
  }

  @Test("an ordinary user sees the same; without privileges he is told which part needs some")
  func ordinaryUser() throws {
    let outcome = try LabProcess.asOrdinaryUser(["sockets", "raw"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.contains("IP 192.0.2.1.12345 > 192.0.2.2.9000: UDP, length 13"))
    let bare = try LabProcess.asOrdinaryUser(["sockets", "--loopback"])
    #expect(bare.code == 0 && bare.errors.isEmpty, "\(bare.errors)")
    #expect(bare.output.contains("Raw sockets need CAP_NET_RAW"))
    #expect(bare.output.contains("seqpacket  "))
  }
}
