import JSONTestSupport
import Testing

extension Unhurried {
  @Suite("sniff-swift beside tcpdump and curl")
  struct Sniff {
    private static let page = "curl -s -o /dev/null http://www.discord.test/"

    @Test("a saved page load reads the same with tcpdump", arguments: ["any", "wan0"])
    func savedCapture(interface: String) throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        sniff-swift -i \(interface) -w page.pcap -- \(Self.page) 2> errors.txt || exit 1
        \(Shell.section("ours")); sniff-swift -n -r page.pcap
        \(Shell.section("theirs")); tcpdump -nr page.pcap
        """)
      #expect(result.code == 0)
      // tcpdump looks the interface's number up on this machine; a file is from anywhere.
      let theirs = (result.sections["theirs"] ?? []).map {
        $0.replacing(" wan0  ", with: " ?     ")
      }
      #expect(result.sections["ours"] == theirs)
      #expect(theirs.count > 10)
    }

    @Test("the story holds every packet of the capture, in order")
    func storyHoldsEveryPacket() throws {
      let result = try story(of: "sh -c '\(Self.page) -4; \(Self.page) -6'")
      let packets = result.sections["packets"]?.filter { !$0.isEmpty } ?? []
      let steps = Story(result.sections["story"] ?? []).steps
      #expect(packets.count > 25)
      #expect(steps.map(\.number) == Array(1...packets.count))
      // Two loads, over IPv4 and IPv6; the capture says which packets are their handshakes.
      let opened = packets.indices.filter { packets[$0].contains("Flags [S],") }
      #expect(opened.count == 2)
      for index in opened { try expectHandshake(at: index, packets, steps) }
      #expect(steps.contains { $0.sentence.contains("Its sequence numbers start at ") })
      for (mark, count) in [("GET: ", 2), ("200 OK: ", 2), ("FIN: ", 4)] {
        #expect(steps.count { $0.sentence.hasPrefix(mark) } == count, "\(mark)")
      }
    }

    private func story(of command: String) throws -> ScriptResult {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        \(Shell.section("story")); sniff-swift --story -w page.pcap -- \(command) || exit 1
        \(Shell.section("packets")); tcpdump -Snr page.pcap 2> errors.txt
        """)
      // On a busy machine a socket may be gone before it was looked for.
      let errors = result.errors.split(separator: "\n").filter { !$0.contains("may be another") }
      #expect(result.code == 0 && errors.isEmpty, "\(result.errors)")
      return result
    }

    /// The three packets of one handshake: next to one another in this capture, told as such, and
    /// with the numbers that tcpdump sees.
    private func expectHandshake(
      at index: Int, _ packets: [String], _ steps: [Story.Step]
    ) throws {
      let three = Array(steps[index..<index + 3])
      let number = three[0].number
      let client = try #require(packets[index].firstMatch(of: #/seq (\d+)/#)?.1)
      let server = try #require(packets[index + 1].firstMatch(of: #/\[S\.\], seq (\d+)/#)?.1)
      // A sentence leaves them out where it would become too long.
      for (step, number) in [(three[0], client), (three[1], server)] {
        guard let told = step.sentence.firstMatch(of: #/numbers start at (\d+)/#) else { continue }
        #expect(told.1 == number)
      }
      let acknowledged = (UInt32(server) ?? 0) &+ 1
      #expect(packets[index + 2].contains("Flags [.], ack \(acknowledged),"))
      #expect(three[0].sentence.hasPrefix("SYN, step 1 of 3:"))
      #expect(three[1].sentence.hasPrefix("SYN-ACK, step 2 of 3:"))
      #expect(three[1].sentence.contains("agrees to #\(number) "))
      #expect(three[2].sentence.hasPrefix("ACK, step 3 of 3: the client confirms #\(number + 1)."))
      #expect(
        three[2].sentence.contains(
          "#\(number), #\(number + 1) and #\(number + 2) were its handshake"))
    }

    @Test("what the command prints and returns passes through")
    func commandPassesThrough() throws {
      let result = try LiveLab.inside("sniff-swift -- sh -c 'echo out; echo err >&2; exit 7'")
      #expect(result.code == 7 && result.lines.first == "out")
      #expect(result.errors.split(separator: "\n").contains("err"))
    }

    @Test(
      "a command that cannot be run",
      arguments: [("nosuch-command", 127), ("/etc/passwd", 126)])
    func unknownCommand(command: String, code: Int) throws {
      let result = try LiveLab.inside("sniff-swift -- \(command)")
      #expect(result.code == CInt(code))
      #expect(result.errors.contains("sniff-swift: cannot run \(command): "))
    }

    @Test("the filter is at work in a live capture")
    func liveFilter() throws {
      let result = try LiveLab.inside("sniff-swift -n 'udp port 53' -- \(Self.page)")
      #expect(result.code == 0 && result.lines.count == 4)
      #expect(result.lines.allSatisfy { $0.contains("203.0.113.53.53") })
      #expect(result.errors.contains("4 packets received by filter\n0 packets dropped by kernel\n"))
    }

    @Test("what is printed live is what is read back", arguments: ["", "tcp port 80"])
    func liveLines(filter: String) throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        tcpdump --immediate-mode -Z root -i wan0 -Unw theirs.pcap '\(filter)' 2> ready & tcpdump=$!
        until grep -q listening ready; do sleep 0.05; done
        \(Shell.section("ours")); sniff-swift -n -i wan0 '\(filter)' -- \(Self.page) 2> errors.txt
        sleep 0.2; kill $tcpdump; wait $tcpdump
        \(Shell.section("theirs")); tcpdump -nr theirs.pcap 2> errors.txt
        """)
      // Two captures stamp each packet on their own.
      func withoutTime(_ name: String) -> [String] {
        (result.sections[name] ?? []).map { String($0.drop { $0 != " " }) }
      }
      #expect(withoutTime("ours").count > 10)
      #expect(withoutTime("ours") == withoutTime("theirs"))
    }

    @Test("each event is one JSON object on a line", arguments: ["", "--story"])
    func events(option: String) throws {
      let result = try LiveLab.inside("sniff-swift \(option) --json -- \(Self.page)")
      #expect(result.code == 0)
      let events = try result.lines.map { try StrictJSON($0) }
      #expect(events.count > 15)
      #expect(events.allSatisfy { $0["schema"] == .string("wirewalk/1") })
      let name = StrictJSON.string(option == "" ? "packet" : "story.step")
      let packets = events.filter { $0["event"] == name }
      #expect(packets.map { $0["number"] } == (1...packets.count).map { .number("\($0)") })
      #expect(option == "" || events.last?["event"] == .string("story.summary"))
    }
  }
}

/// The steps of a story, as it is printed.
struct Story {
  struct Step {
    var number: Int
    var sentence: String
  }

  var steps: [Step] = []

  /// A step is a line with its number, and then its sentences, indented, over as many lines as they
  /// need. A phase's title, and the summary, begin at the left edge.
  init(_ lines: [String]) {
    var isInStep = false
    for line in lines {
      if let found = line.firstMatch(of: #/^ +#(\d+) +[\d.]+ [mun]?s +\d /#) {
        steps.append(Step(number: Int(found.1) ?? -1, sentence: ""))
        isInStep = true
      } else if line.hasPrefix("       "), isInStep {
        let words = line.drop { $0 == " " }
        steps[steps.count - 1].sentence +=
          (steps[steps.count - 1].sentence.isEmpty ? "" : " ") + words
      } else {
        isInStep = false
      }
    }
  }
}
