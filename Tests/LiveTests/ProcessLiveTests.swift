import JSONTestSupport
import Testing

extension Unhurried {
  @Suite("A capture around a command")
  struct Processes {
    private static let page = "curl -s -o /dev/null http://www.discord.test/"
    /// Others load pages and ping all the while.
    private static let noise = """
      cd "$FOLDER"
      (while :; do \(page); done) > noise 2>&1 & noise=$!
      ping -q -i 0.02 203.0.113.80 > noise & ping=$!
      sleep 0.3
      """
    private static let quiet = "kill $noise $ping"
    /// How many packets passed with a doubt; on a busy machine some do, and others' may be among them.
    private static let doubts = "sed -nE 's/.*: ([0-9]+) of them may be another.*/\\1/p' err"

    @Test("only what the command and its children send, and the answers")
    func scope() throws {
      let result = try LiveLab.inside(
        """
        \(Self.noise)
        sniff-swift -w page.pcapng --processes --print -n -- sh -c 'sh -c "\(Self.page)"; exit 7' > lines 2> err
        echo $?; \(Self.quiet)
        \(Shell.section("doubts")); \(Self.doubts)
        \(Shell.section("ports")); sniff-swift -r page.pcapng --fields tcp.srcport,tcp.dstport tcp \
          | tail -n +2 | tr '\\t' '\\n' | grep -v '^80$' | sort -u | wc -l
        \(Shell.section("queries")); sniff-swift -r page.pcapng --count udp dst port 53
        \(Shell.section("others")); sniff-swift -r page.pcapng --count icmp
        \(Shell.section("names")); sed -E 's/.*\\[(.*) [0-9]+\\]$/\\1/' lines | sort -u
        \(Shell.section("comments")); grep -ao 'process: curl [0-9]' page.pcapng | wc -l
        wc -l < lines
        \(Shell.section("again")); cut='s/^[^ ]* *[^ ]* *//'; sed "$cut" lines > told
        sniff-swift -n --processes -r page.pcapng | sed "$cut" | cmp - told && echo same
        sniff-swift --json --processes -r page.pcapng | grep -c '"process":{.*"name":"curl"'
        """)
      #expect(result.lines.first == "7", "\(result.errors)")
      #expect(result.sections["others"] == ["0 packets"])
      let comments = result.sections["comments"]?.compactMap { Int($0) } ?? []
      let doubts = result.sections["doubts"]?.first.flatMap { Int($0) } ?? 0
      #expect(comments.count == 2 && comments[1] - comments[0] <= doubts, "\(result.sections)")
      if doubts == 0 {
        #expect(result.sections["ports"] == ["1"] && result.sections["queries"] == ["2 packets"])
        #expect(result.sections["names"] == ["curl"], "\(result.sections)")
      }
      #expect(result.sections["again"] == ["same"] + comments.prefix(1).map { "\($0)" })
    }

    @Test("with --everything the others' too")
    func everything() throws {
      let result = try LiveLab.inside(
        """
        \(Self.noise)
        sniff-swift --everything -w all.pcap -- sleep 1 2> err; \(Self.quiet)
        sniff-swift -r all.pcap --count icmp; sniff-swift -r all.pcap --count tcp port 80
        """)
      #expect(result.lines.count == 2)
      #expect(result.lines.allSatisfy { (Int($0.prefix { $0 != " " }) ?? 0) > 10 })
    }

    @Test("a child that outlives its parent is still the command's")
    func orphan() throws {
      let result = try LiveLab.inside(
        """
        \(Self.noise)
        sniff-swift -n -- sh -c '(sleep 0.2; \(Self.page)) & exit 0' > lines 2> err; \(Self.quiet)
        grep -c ICMP lines; grep -c 'Flags \\[S\\],' lines; \(Self.doubts)
        """)
      let opened = result.lines.dropFirst().first.flatMap { Int($0) } ?? 0
      #expect(result.lines.first == "0" && opened >= 1, "\(result.output)")
      if result.lines.count == 2 { #expect(opened == 1) }
    }

    @Test("a connection that is refused at once is told with its doubt")
    func refused() throws {
      let result = try LiveLab.inside("sniff-swift -n -- curl -s http://127.0.0.1:9/")
      #expect(result.lines.count { $0.contains("127.0.0.1.9") } == 2)
      #expect(result.code == 7)
    }

    @Test("connections that are closed at once, to a server that is not the command's")
    func short() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"; cat > server.py <<'END'
        import socket
        server = socket.create_server(("127.0.0.1", 8125), backlog=512)
        while True:
            server.accept()[0].close()
        END
        python3 server.py & server=$!
        until echo | ncat 127.0.0.1 8125 > noise 2>&1; do sleep 0.05; done
        sniff-swift -n -- bash -c 'for i in $(seq 100); do exec 3<>/dev/tcp/127.0.0.1/8125 3<&-; done' > lines
        kill $server; grep -c 'Flags \\[S\\],' lines
        """)
      #expect(result.lines == ["100"], "\(result.errors)")
    }

    @Test("who connects to the command's server from outside is answered by it")
    func server() throws {
      let result = try LiveLab.inside(
        """
        (sleep 1; (echo hello; sleep 1) | timeout 5 ncat 127.0.0.1 8123; echo x | timeout 1 ncat 127.0.0.1 8124) &
        sniff-swift -n --processes -- timeout 8 ncat -l 127.0.0.1 8123
        """)
      #expect(result.lines.first == "hello", "\(result.errors)")
      let packets = result.lines.filter { $0.contains(" IP ") }
      #expect(
        packets.contains { $0.contains("Flags [S.]") && $0.hasSuffix("]") && $0.contains("[ncat ") }
      )
      #expect(
        packets.count > 5 && packets.allSatisfy { $0.contains(".8123") || $0.contains(".8124") })
    }

    @Test("an echo whose socket was gone at once")
    func shortEcho() throws {
      let result = try LiveLab.inside("sniff-swift -n -- ping -q -c 1 127.0.0.1")
      #expect(result.lines.count { $0.contains("ICMP echo") } == 2, "\(result.lines)")
    }

    @Test("echoes by raw sockets and by those for everybody", arguments: ["", "-u 65534 "])
    func echoes(user: String) throws {
      let result = try LiveLab.inside(
        """
        sniff-swift --json --processes -- \(user.isEmpty ? "" : "setpriv --reuid 65534 ")\
        ping -q -c 2 -i 0.1 203.0.113.80 > lines.txt 2>&1 || true; cat lines.txt
        """.replacing("lines.txt", with: "\"$FOLDER/lines\""))
      let events = result.lines.compactMap { try? StrictJSON($0) }
      #expect(events.count == 4, "\(result.output)")
      #expect(events.allSatisfy { $0["process"]?["name"] == .string("ping") })
    }

    @Test("without a command, each packet says whose it is")
    func names() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        sniff-swift -n -l --processes -i wan0 tcp port 80 > lines 2> err & s=$!
        until grep -q listening err; do sleep 0.05; done
        \(Self.page); wget -q -O page http://www.discord.test/; sleep 0.5; kill $s; wait $s
        sed -nE 's/.*Flags \\[S\\].*\\[(.*) [0-9]+\\]$/\\1/p' lines
        """)
      #expect(result.lines == ["curl", "wget"], "\(result.output)")
    }
  }
}
