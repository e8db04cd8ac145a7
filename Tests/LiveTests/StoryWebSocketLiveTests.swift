import JSONTestSupport
import Testing

extension Live {
  /// The story of WebSockets beside what their own ends write into their logs.
  @Suite("The story of WebSockets beside the clients' own logs")
  struct StoryWebSocket {
    /// A frame, or what the log of a client says of one.
    struct Frame: Equatable {
      var sender: String
      var opcode: Int
      var isFinal: Bool
      /// Of a message what it comes to with this frame, 512 octets at the most.
      var content: [UInt8]
      /// Of a message so far, of another frame by itself.
      var count: Int
    }

    @Test(
      "the PyPI client websockets: each frame of its log, in order, and no other",
      .enabled(if: WebPeers.python != nil, WebPeers.noPython),
      arguments: ["plain", "deflate", "small"])
    func pypi(packing: String) throws {
      let python = WebPeers.python ?? ""
      // The lab's server does not pack; the package's does.
      let server =
        packing == "plain"
        ? "url=ws://www.discord.test/echo"
        : """
        \(python) \(WebPeers.script("websocket_server.py")) 9001 > ready & server=$!
        for i in $(seq 100); do grep -q ready ready && break; sleep 0.1; done
        url=ws://127.0.0.1:9001/
        """
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        \(server)
        sniff-swift --story --json -w all.pcap -- \
          \(python) \(WebPeers.script("websocket_record.py")) $url \(packing) > all 2> errors; echo $?
        grep -v schema all
        \(Shell.section("story")); grep schema all
        \(Shell.section("followed")); sniff-swift -r all.pcap --follow websocket:0,raw | od -An -v -tx1 | tr -d ' \\n'
        echo; \(Shell.section("counted")); sniff-swift -r all.pcap --stats websocket --json
        kill $server
        """)
      let first = result.lines.prefix { !$0.hasPrefix("===") }
      #expect(first.first == "0")
      let log = try Self.log(Array(first.dropFirst()))
      let steps = try (result.sections["story"] ?? []).map { try StrictJSON($0) }
      let told = try Self.frames(steps)
      #expect(log.count > 30)
      for (told, logged) in zip(told, log) { #expect(told == logged) }
      #expect(told.count == log.count)
      try expectCauses(steps)
      let agreements = steps.compactMap { $0["websocket"]?["agreement"] }
      let agreement = try #require(agreements.first)
      #expect(agreements.count == 1)
      #expect(agreement["accept"] == .string("right"))
      #expect((agreement["deflate"] == .null) == (packing == "plain"))
      let summary = try #require(steps.last?["websockets"]?.elements?.first)
      #expect(summary["pings"] == .number("3") && summary["pongs"] == .number("3"))
      #expect(summary["close_code"] == .number(packing == "plain" ? "3001" : "4001"))
      #expect(summary["closed_by"] == .string(packing == "plain" ? "client" : "server"))
      #expect(summary["problems"] == .array([]))
      // What is followed is all payloads, one behind the other.
      let all = try first.dropFirst().map { try Self.text(StrictJSON($0)["data"]) }.joined()
      #expect(result.sections["followed"] == [all])
      try expectCounts(result.sections["counted"] ?? [], log, summary["close_code"])
    }

    /// `--stats websocket` counts what the client has sent and got, frame by frame.
    private func expectCounts(
      _ lines: [String], _ log: [Frame], _ closeCode: StrictJSON?
    ) throws {
      let events = try lines.map { try StrictJSON($0) }
      let connection = try #require(events.first { $0["event"] == .string("capture.websocket") })
      #expect(events.count == 3 && connection["close_code"] == closeCode)
      let directions = connection["directions"]?.elements ?? []
      #expect(directions.count == 2)
      for direction in directions {
        let sender = direction["to"] == .string("server") ? "client" : "server"
        for (name, opcode) in [
          ("text", 1), ("binary", 2), ("continuation", 0), ("ping", 9), ("pong", 10), ("close", 8),
        ] {
          let count = log.count { $0.sender == sender && $0.opcode == opcode }
          #expect(direction["frames"]?[name] == .number("\(count)"), "\(sender) \(name)")
        }
        let messages = log.count { $0.sender == sender && $0.opcode < 8 && $0.isFinal }
        #expect(direction["messages"] == .number("\(messages)"))
      }
    }

    /// A pong is there because of its ping, a close because of the other one, all because of the upgrade.
    private func expectCauses(_ steps: [StrictJSON]) throws {
      var pongs = 0
      for step in steps {
        guard let frames = step["websocket"]?["frames"]?.elements, !frames.isEmpty else { continue }
        let because = step["because"]?.elements ?? []
        let upgrade = try #require(step["websocket"]?["upgrade_packet"])
        #expect(because.contains(upgrade), "\(step)")
        for frame in frames {
          if let ping = frame["pong"]?["ping_packet"], ping != .null {
            #expect(because.contains(ping))
            pongs += 1
          }
          if let close = frame["close"]?["answered_packet"], close != .null {
            #expect(because.contains(close))
          }
          #expect(frame["violations"] == .array([]))
        }
      }
      #expect(pongs == 3)
    }

    @Test(
      "a browser in the lab's chat: each frame of its DevTools, in order, and no other",
      .enabled(
        if: WebPeers.python != nil && WebPeers.hasChromium,
        "no Chromium, or no Python with the package websockets: scripts/test gets both if it can"))
    func chromium() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        sniff-swift -i wan0 --story --json 'tcp port 80' -- \(WebPeers.python ?? "") \
          \(WebPeers.script("browser_frames.py")) http://www.discord.test/room/ > all 2> errors
        code=$?; grep -v schema all; echo $code
        \(Shell.section("story")); grep schema all
        """)
      let lines = result.lines.prefix { !$0.hasPrefix("===") }
      try #require(lines.last == "0", "\(result.errors)")
      let log = try lines.dropLast().map { try StrictJSON($0) }
      let steps = try (result.sections["story"] ?? []).map { try StrictJSON($0) }
      let logged = try Self.log(
        lines.dropLast().filter { $0.contains("opcode") })
      let told = try Self.frames(steps)
      // DevTools tell of messages, and of the close by its end alone.
      let messages = told.filter { $0.opcode != 8 }
      for (told, logged) in zip(messages, logged) { #expect(told == logged) }
      #expect(messages.count == logged.count && logged.count >= 4)
      let handshake = try #require(log.first { $0["status"] != nil })
      #expect(handshake["status"] == .number("101"))
      let summary = try #require(steps.last?["websockets"]?.elements?.first)
      #expect(steps.last?["websockets"]?.elements?.count == 1)
      #expect(summary["accept"] == .string("right"))
      #expect(log.contains { $0["closed"] == .bool(true) })
      #expect(summary["closed_by"] == .string("client"))
      #expect(summary["close_code"] == .number("3001"))
      #expect(summary["close_reason"] == .string("enough"))
      #expect(told.filter { $0.opcode == 8 }.map(\.sender) == ["client", "server"])
    }

    /// What a client's log says, with messages put together as far as they came.
    static func log(_ lines: [String]) throws -> [Frame] {
      var messages: [String: [UInt8]] = [:]
      return try lines.map { line in
        let entry = try StrictJSON(line)
        let (sender, opcode) = (try text(entry["sender"]), try integer(entry["opcode"]))
        var content = try octets(text(entry["data"]))
        if opcode < 8 {
          messages[sender] = (opcode == 0 ? messages[sender] ?? [] : []) + content
          content = messages[sender] ?? []
        }
        return Frame(
          sender: sender, opcode: opcode, isFinal: entry["fin"] == .bool(true),
          content: Array(content.prefix(512)), count: content.count)
      }
    }

    /// What the story says.
    static func frames(_ steps: [StrictJSON]) throws -> [Frame] {
      try steps.flatMap { $0["websocket"]?["frames"]?.elements ?? [] }.map { frame in
        var content: [UInt8] = []
        var count = 0
        if let message = frame["message"] {
          let text = try text(message["content"])
          content = message["type"] == .string("text") ? Array(text.utf8) : try octets(text)
          count = try integer(message["bytes"])
        } else if let close = frame["close"] {
          let code = try integer(close["code"])
          content = [UInt8(code >> 8), UInt8(code & 255)] + Array(try text(close["reason"]).utf8)
          count = content.count
        } else {
          content = try octets(text(frame["payload"]))
          count = content.count
        }
        return Frame(
          sender: try text(frame["sender"]), opcode: try integer(frame["opcode"]),
          isFinal: frame["fin"] == .bool(true), content: content, count: count)
      }
    }

    private struct Missing: Error {}

    static func text(_ value: StrictJSON?) throws -> String {
      guard case .string(let text)? = value else { throw Missing() }
      return text
    }

    private static func integer(_ value: StrictJSON?) throws -> Int {
      guard case .number(let text)? = value, let number = Int(text) else { throw Missing() }
      return number
    }

    private static func octets(_ digits: String) throws -> [UInt8] {
      let digits = Array(digits)
      return try stride(from: 0, to: digits.count, by: 2).map { place in
        guard let octet = UInt8(String(digits[place..<place + 2]), radix: 16) else {
          throw Missing()
        }
        return octet
      }
    }
  }
}

extension StrictJSON {
  /// The elements of an array.
  fileprivate var elements: [StrictJSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }
}
