import JSONTestSupport
import Testing

extension Live {
  @Suite("Packets as evidence: what errors tell, --explain, --record and --replay")
  struct PingEvidence {
    static let topology = """
      client  client.test  198.18.0.2    2001:db8::2
      router  first.test   198.18.1.1    2001:db8:1::1   delay 2ms dscp 8 bleach
      router  second.test  198.18.2.1    2001:db8:2::1   delay 2ms mpls 24001 interface ge-0
      site    www.test     203.0.113.80  2001:db8:cb::80 delay 2ms
      """
    /// Datagram sockets for everybody.
    static let open = "sysctl -qw net.ipv4.ping_group_range='0 2147483647'"

    @Test(
      "-v tells labels, interfaces and what was changed",
      arguments: [
        ("203.0.113.80", "198.18.2.1", "84"), ("--hdrincl 203.0.113.80", "198.18.2.1", "84"),
        ("2001:db8:cb::80", "2001:db8:2::1", "104"),
      ])
    func errors(target: String, router: String, count: String) throws {
      let marks = target.hasPrefix("--") ? "" : "-Q 0xba"
      let lines = try LiveLab.inside(
        "ping-swift -c 1 -W 1 -t 2 -v \(marks) \(target)", topology: Self.topology
      ).lines
      try #require(lines.count > 3, "\(lines)")
      #expect(lines[1].hasPrefix("From \(router) icmp_seq=1 Time"))
      #expect(
        lines[2]
          == "    quotes \(count) of \(count) octets; MPLS label 24001 TC 0 S TTL 1; came in by "
          + "interface ge-0 index 1 \(router)")
      #expect(lines[3].hasPrefix("    DSCP remarked: "))
      let event = try #require(
        try LiveLab.inside(
          "ping-swift -c 1 -W 1 -t 2 --json \(marks) \(target)", topology: Self.topology
        ).lines.first { $0.contains("\"ping.error\"") })
      #expect(
        event.contains("\"quoted_bytes\":\(count),\"quoted_ttl\":1,\"mpls\":[{\"label\":24001,"))
      #expect(event.contains("\"changes\":[{\"field\":\"DSCP\","))
    }

    @Test("a datagram socket's error queue tells less, and that is said")
    func errorQueue() throws {
      let lines = try LiveLab.inside(
        """
        \(Self.open)
        \(Shell.powerless) ping-swift -c 1 -W 1 -t 2 -v 203.0.113.80
        """, topology: Self.topology
      ).lines
      try #require(lines.count > 2)
      #expect(lines[1] == "From 198.18.2.1 icmp_seq=1 Time to live exceeded")
      #expect(lines[2] == "    told by this host's error queue, which keeps no more of it")
    }

    @Test(
      "--explain shows probe and answer once, and the ordinary lines besides",
      arguments: [
        ("203.0.113.80", "", "IPv4 header"), ("--hdrincl 203.0.113.80", "", "IPv4 header"),
        ("2001:db8:cb::80", "", "ICMPv6 header"), ("203.0.113.80", Shell.powerless, "ICMP header"),
        ("2001:db8:cb::80", Shell.powerless, "ICMPv6 header"),
      ])
    func explain(arguments: String, prefix: String, first: String) throws {
      let result = try LiveLab.inside(
        "\(Self.open); \(prefix) ping-swift -c 2 -i 0.05 --explain \(arguments)",
        topology: Self.topology)
      let lines = result.lines
      let target = arguments.split(separator: " ").last ?? ""
      #expect(result.code == 0 && result.errors.isEmpty)
      #expect(lines.count { $0.hasPrefix("Probe 1 to \(target), ") } == 1)
      #expect(lines.count { $0.hasPrefix("Answer to probe 1 from \(target), ") } == 1)
      #expect(lines.count { $0.contains("bytes from") } == 2)
      #expect(lines.count { $0.contains("Sequence Number") } == 2)
      #expect(lines.allSatisfy { !$0.contains("wrong") })
      let place = try #require(lines.firstIndex { $0.hasPrefix("Answer") })
      #expect(lines[place + 1] == first)
      #expect(lines.first?.hasPrefix("PING ") == true && lines.last?.hasPrefix("rtt ") == true)
    }
  }
}

extension Live.PingEvidence {
  /// Runs a session with `--record` and then the replay: what both print.
  private func both(
    _ arguments: String, prefix: String = "", replay: String = ""
  ) throws -> (live: [String], replayed: [String], codes: [String]) {
    let result = try LiveLab.inside(
      """
      cd "$FOLDER"; \(Self.open)
      \(prefix) ping-swift --record f.pcapng \(arguments) > live 2>&1; echo $? > codes
      ping-swift --replay f.pcapng \(replay) > replayed 2>&1; echo $? >> codes
      stat -c %a f.pcapng >> codes
      \(Shell.section("codes")); cat codes
      \(Shell.section("live")); cat live
      \(Shell.section("replayed")); cat replayed
      """, topology: Self.topology)
    let sections = result.sections
    return (
      try #require(sections["live"]), try #require(sections["replayed"]),
      try #require(sections["codes"])
    )
  }

  @Test(
    "a replay prints the session's lines again",
    arguments: [
      ("-n -c 3 -i 0.1 203.0.113.80", "0"), ("-n -c 3 -i 0.1 2001:db8:cb::80", "0"),
      ("-n -c 3 -i 0.1 -4 -v -3 -s 8 www.test", "0"),
      ("-n -c 2 -i 0.1 --hdrincl -v 203.0.113.80", "0"),
      ("-n -c 2 -i 0.1 -t 2 -v -Q 0xba 203.0.113.80", "1"),
      ("-n -c 2 -i 0.1 -t 2 -v -Q 0xba 2001:db8:cb::80", "1"),
      ("-n -c 2 -i 0.1 -t 2 -v --type router-solicitation -4 203.0.113.80", "1"),
      ("-n -c 2 -i 0.1 -W 0.2 --type 200 --code 3 2001:db8:cb::80", "0"),
      ("-n -c 2 -i 0.1 -O -W 0.5 198.18.99.9", "1"), ("-f -c 300 203.0.113.80", "0"),
      ("-n -q -c 3 -i 0.1 -I wan0 203.0.113.80", "0"),
      ("-n -c 2 -i 0.1 --explain 203.0.113.80", "0"),
      ("-n -c 2 -i 0.1 203.0.113.80 2001:db8:cb::80 203.0.113.81", "1"),
    ])
  func replay(arguments: String, code: String) throws {
    let (live, replayed, codes) = try both(arguments)
    #expect(codes == [code, code, "600"])
    #expect(live.count > 2 && live == replayed)
  }

  @Test(
    "a session of a datagram socket too",
    arguments: ["203.0.113.80", "2001:db8:cb::80", "-v -t 2 203.0.113.80"])
  func datagramSocket(arguments: String) throws {
    let (live, replayed, codes) = try both(
      "-n -c 2 -i 0.1 \(arguments)", prefix: Shell.powerless)
    #expect(codes.first == codes.dropFirst().first && codes.last == "600")
    #expect(live.count > 3 && live == replayed)
  }

  @Test("events too, but for the time at which they were printed")
  func events() throws {
    let (live, replayed, codes) = try both("--json -c 3 -i 0.1 -t 2 203.0.113.80")
    #expect(codes == ["1", "1", "600"])
    func withoutTime(_ line: String) -> String {
      guard let place = line.firstRange(of: "\"time_ns\":") else { return line }
      return String(line[..<place.lowerBound] + line[place.upperBound...].drop { $0.isNumber })
    }
    #expect(live.count >= 5 && live.map(withoutTime) == replayed.map(withoutTime))
  }

  @Test("a ping that tcpdump captured", arguments: ["203.0.113.80", "2001:db8:cb::80"])
  func capture(target: String) throws {
    let result = try LiveLab.inside(
      """
      cd "$FOLDER"
      tcpdump --immediate-mode -Z root -i wan0 -Unw theirs.pcap 'icmp or icmp6' 2> ready & tcpdump=$!
      until grep -q listening ready; do sleep 0.05; done
      ping -n -c 3 -i 0.2 \(target) > theirs
      ping -n -c 1 -W 1 \(target) > /dev/null
      sleep 0.2; kill $tcpdump; wait $tcpdump
      \(Shell.section("theirs")); cat theirs
      \(Shell.section("ours")); ping-swift --replay theirs.pcap; echo $?
      """, topology: Self.topology)
    let ours = try #require(result.sections["ours"])
    let theirs = try #require(result.sections["theirs"])
    // Times are the capture's and not the program's: all but those is the same.
    func shape(_ lines: [String]) -> [Substring] { lines.map { $0.prefix { $0 != "=" } } }
    #expect(shape(ours.dropLast()).count == shape(theirs).count)
    #expect(ours.first == theirs.first && ours.last == "0")
    #expect(ours.count { $0.hasPrefix("64 bytes from \(target): icmp_seq=") } == 3)
    #expect(ours.contains { $0.hasPrefix("3 packets transmitted, 3 received, 0% packet loss") })
  }

  @Test("the file is made with the user's rights, and what cannot be made or read is said")
  func rights() throws {
    let result = try LiveLab.inside(
      """
      cd "$FOLDER"; \(Self.open); chmod 755 .; mkdir mine; chown 65534 mine
      cp $(command -v ping-swift) p; chmod 4755 p
      nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
      $nobody ./p -c 1 --record theirs.pcapng 127.0.0.1 2>&1; echo $?
      $nobody ./p -q -c 1 --record mine/f.pcapng 127.0.0.1 > /dev/null; stat -c '%a %u' mine/f.pcapng
      ping-swift -c 1 --record /dev/full 127.0.0.1 2>&1 > /dev/null; echo $?
      head -c -20 mine/f.pcapng > cut; ping-swift --replay cut 2>&1 > /dev/null; echo $?
      ping-swift --replay /etc/hostname 2>&1; echo $?
      """)
    let lines = result.lines
    #expect(
      lines.prefix(5) == [
        "ping-swift: cannot create theirs.pcapng: Permission denied", "2", "600 65534",
        "ping-swift: cannot write /dev/full: No space left on device; the recording ends here, "
          + "and what was written before can be read", "2",
      ])
    try #require(lines.count == 9, "\(lines) \(result.errors)")
    #expect(lines[5].contains("could not be read to its end: truncated: ") && lines[6] == "2")
    #expect(lines[7].hasPrefix("ping-swift: cannot replay /etc/hostname: ") && lines[8] == "2")
  }
}

extension Live {
  @Suite("Header fields: -R and -T beside ping, the others as tcpdump sees them")
  struct PingHeaders {
    @Test(
      "the same lines as ping",
      arguments: [
        "-R", "-T tsonly", "-T tsandaddr", "-R -q",
        "-T tsprespec 127.0.0.1", "-T tsprespec 127.0.0.1 127.0.0.1 192.0.2.1",
      ])
    func answers(option: String) throws {
      let result = try LiveLab.inside(
        """
        \(Shell.section("ours")); ping-swift -n -c 2 -i 0.2 \(option) 127.0.0.1
        \(Shell.section("theirs")); ping -n -c 2 -i 0.2 \(option) 127.0.0.1
        """)
      /// Delays and times of day differ.
      func shape(_ lines: [String]?) -> [String] {
        (lines ?? []).map { line in
          String(
            line.replacing(/time=[0-9.]+/, with: "time=")
              // A time of day, or the milliseconds since the one before.
              .replacing(/-?[0-9]+( absolute)?$/, with: "stamp")
              // ping counts 40 octets of options, however many it sends.
              .replacing(/56\([0-9]+\)/, with: "56()")
              .replacing(/time [0-9]+ms/, with: "").replacing(/= [0-9.\/]+ ms/, with: ""))
        }
      }
      let (ours, theirs) = (shape(result.sections["ours"]), shape(result.sections["theirs"]))
      #expect(ours.count > 3 && ours == theirs)
    }

    @Test("link-local addresses are shown with their interface, as ping shows them")
    func zones() throws {
      let result = try LiveLab.inside(
        """
        ip link add d0 type veth peer name d1; ip link set d1 up; ip link set d0 up
        ip addr add fe80::77/64 dev d0 nodad
        for tool in ping-swift ping; do
          \(Shell.section("$tool"))
          $tool -n -c 1 fe80::77%d0
          $tool -n -c 1 -I d0 fe80::77
          $tool -n -c 1 -I d0 ff02::1
        done
        """)
      func heads(_ lines: [String]?) -> [String] {
        (lines ?? []).filter { $0.contains("bytes from") || $0.hasPrefix("PING fe80::77%") }.map {
          String($0.replacing(/time=[0-9.]+/, with: "time="))
        }
      }
      let (ours, theirs) = (heads(result.sections["ping-swift"]), heads(result.sections["ping"]))
      #expect(
        ours == theirs && ours.contains { $0.hasPrefix("64 bytes from fe80::77%d0: icmp_seq=1") })
    }

    @Test("each IPv6 flow has its own label")
    func flowLabels() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        device=$(ip -o -6 route get 2001:db8:cb::80 | sed 's/.* dev \\([^ ]*\\).*/\\1/')
        tcpdump -n -v -l --immediate-mode -i $device icmp6 > labels 2> /dev/null & tcpdump=$!
        sleep 1
        ping-swift -q -c 3 -i 0.1 --flows 8 2001:db8:cb::80
        ping-swift -q -c 1 -F 0x12345 2001:db8:cb::80 > /dev/null
        sleep 0.5; kill $tcpdump; wait $tcpdump
        \(Shell.section("labels"))
        sed -n '/echo request/s/.*flowlabel \\(0x[0-9a-f]*\\).*/\\1/p' labels
        """, options: ["--topology", "nested"])
      let labels = try #require(result.sections["labels"], "\(result.errors)")
      try #require(labels.count == 25)
      #expect(labels.last == "0x12345" && Set(labels).count == 9)
      let flows = labels.dropLast()
      #expect(Array(flows[0..<8]) == Array(flows[8..<16]) && flows.allSatisfy { $0 >= "0x80000" })
    }

    @Test(
      "fields on the wire",
      arguments: [
        ("--ip-id 77", "id 77,"), ("--df", "flags [DF]"), ("--mf", "flags [+]"),
        ("--evil", "flags [rsvd]"), ("--frag-offset 16", "offset 16,"),
        ("--source 198.51.100.77", "198.51.100.77 > "), ("--seq 65535", "seq 65535,"),
        ("--ip-option 94040000", "options (RA)"),
        ("--hdrincl --ip-option 94040000", "options (RA)"),
        ("--badsum", "wrong icmp cksum"), ("--hdrincl -Q 0xb8", "tos 0xb8,"),
        ("-6 --badsum", "bad icmp6 cksum"),
      ])
    func fields(option: String, seen: String) throws {
      let target = option.hasPrefix("-6") ? "2001:db8:cb::80" : "203.0.113.80"
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        tcpdump --immediate-mode -Z root -i wan0 -nvvv -l 'icmp or icmp6' > seen 2> ready & tcpdump=$!
        until grep -q listening ready; do sleep 0.05; done
        ping-swift -n -c 1 -W 0.2 \(option) \(target) > /dev/null
        sleep 0.2; kill $tcpdump; wait $tcpdump; cat seen
        """, topology: PingEvidence.topology)
      #expect(result.output.contains(seen), "\(result.output) \(result.errors)")
    }

    @Test(
      "types on the wire, as tshark reads them",
      arguments: [
        ("--type redirect --code 1 -e 7 --seq 9", "5,1,1,,", "No answer"),
        ("--type 15 -e 7 --seq 9", "15,0,1,7,9", "0 received"),
        ("--type 253 --hdrincl --ip-id 77", "253,0,1,,", "No answer"),
        ("--type timestamp -e 7", "13,0,1,7,1", "20 bytes"),
        ("--type timestamp -e 7 --seq 65535 --code 3", "13,3,1,7,65535", "icmp_seq=65535"),
        ("--mask -e 7 --seq 9 --badsum", "17,0,0,7,9", "0 received"),
        ("--type echo-request -e 7 --code 4", "8,4,1,7,1", "64 bytes"),
        ("--type 40 -t 1", "40,0,1,,", "From 198.18.1.1"),
        ("-6 --type router-solicitation -t 1", "133,0,1,,", "From 2001:db8:1::1"),
        ("-6 --type 200 --hdrincl --code 9", "200,9,1,,", "No answer"),
      ])
    func types(options: String, seen: String, told: String) throws {
      let isV6 = options.hasPrefix("-6")
      let (icmp, target) = isV6 ? ("icmpv6", "2001:db8:cb::80") : ("icmp", "203.0.113.80")
      let fields =
        isV6
        ? ["type", "code", "checksum.status", "echo.identifier", "echo.sequence_number"]
        : ["type", "code", "checksum.status", "ident", "seq"]
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        tcpdump --immediate-mode -Z root -i wan0 -Unw f.pcap 'dst host \(target)' 2> ready & tcpdump=$!
        until grep -q listening ready; do sleep 0.05; done
        ping-swift -n -c 1 -W 0.3 \(options) \(target)
        sleep 0.2; kill $tcpdump; wait $tcpdump
        \(Shell.section("seen"))
        tshark -r f.pcap -T fields \\
          -E separator=, -E occurrence=f \(fields.map { "-e \(icmp).\($0)" }.joined(separator: " "))
        """, topology: PingEvidence.topology)
      #expect(result.sections["seen"] == [seen], "\(result.output) \(result.errors)")
      #expect(result.output.contains(told), "\(result.output)")
    }

    @Test("a code comes back in the answer, and numbers go on from --seq")
    func codeAndSequence() throws {
      let lines = try LiveLab.inside(
        "ping-swift -n -c 2 -i 0.1 --code 5 --seq 65535 127.0.0.1"
      ).lines
      try #require(lines.count > 2, "\(lines)")
      #expect(lines[1].hasPrefix("64 bytes from 127.0.0.1: icmp_seq=65535 "))
      #expect(lines[2].hasPrefix("64 bytes from 127.0.0.1: icmp_seq=0 "))
    }
  }
}
