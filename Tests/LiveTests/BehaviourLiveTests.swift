import Testing

extension Live {
  @Suite("Privileges, signals, pipes and name servers that hang")
  struct Behaviour {
    @Test(
      "once they run, the tools hold no capability in any thread, and can get none",
      arguments: [
        ("ping-swift -i 0.2 www.discord.test", []),
        ("ping-swift -i 0.2 --hdrincl -4 www.discord.test", []),
        // Names, which a thread of its own looks up.
        ("traceroute-swift -w 9 203.0.113.80", ["--loss", "100"]),
        ("traceroute-swift -I -w 9 203.0.113.80", ["--loss", "100"]),
        ("sniff-swift -i wan0", []), ("sniff-swift -- sleep 9", []),
      ])
    func privileges(command: String, options: [String]) throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        \(command) > out 2>&1 & tool=$!
        tries=0
        until [ -s out ] || [ $((tries += 1)) -gt 100 ]; do sleep 0.05; done
        cat /proc/$tool/task/*/status | grep -E '^(CapEff|CapPrm|CapInh|CapAmb|NoNewPrivs):' | sort -u
        kill $tool; wait $tool
        """, options: options)
      #expect(
        result.lines == [
          "CapAmb:\t0000000000000000", "CapEff:\t0000000000000000", "CapInh:\t0000000000000000",
          "CapPrm:\t0000000000000000", "NoNewPrivs:\t1",
        ])
    }

    @Test(
      "without the right to do so, one line says how to get it",
      arguments: [
        ("ping-swift -c 1 203.0.113.80", 2), ("ping-swift --hdrincl -c 1 203.0.113.80", 2),
        ("traceroute-swift -I 203.0.113.80", 1), ("sniff-swift -i wan0", 2),
      ])
    func noPermission(command: String, code: Int) throws {
      let result = try LiveLab.inside(
        """
        # Nobody has group 1 and none has 0: the kernel's own default in a new network.
        echo '1 0' > /proc/sys/net/ipv4/ping_group_range
        \(Shell.powerless) \(command)
        """)
      #expect(result.code == CInt(code) && result.output == "")
      let lines = result.errors.split(separator: "\n")
      let tool = command.prefix { $0 != " " }
      #expect(lines.count == 1 && result.errors.hasPrefix("\(tool): cannot "))
      #expect(result.errors.contains("sudo setcap cap_net_raw"))
    }

    @Test("an ordinary user whom the kernel allows pings as root does", arguments: ["-4", "-6"])
    func ordinaryUser(family: String) throws {
      let result = try LiveLab.inside(
        """
        echo '0 0' > /proc/sys/net/ipv4/ping_group_range
        for ttl in 64 4; do
          \(Shell.section("root $ttl")); ping-swift \(family) -t $ttl -c 3 -i 0.2 www.discord.test
          \(Shell.section("user $ttl"))
          \(Shell.powerless) ping-swift \(family) -t $ttl -c 3 -i 0.2 www.discord.test
        done
        """)
      for ttl in [64, 4] {
        let root = PingOutput(try #require(result.sections["root \(ttl)"]))
        let user = PingOutput(try #require(result.sections["user \(ttl)"]))
        #expect(user.replies == root.replies && user.errors == root.errors)
        #expect(user.replies.count + user.errors.count == 3)
        #expect(user.summaryShape == root.summaryShape)
      }
    }

    @Test(
      "a name server that hangs delays nothing",
      arguments: [
        "ping-swift -c 3 -i 0.2 203.0.113.80", "ping-swift -c 3 -i 0.2 named.test",
        "ping-swift -c 3 -i 0.2 -t 1 named.test", "ping-swift -c 3 -i 0.2 2001:db8:cb::80",
        "traceroute-swift named.test", "traceroute-swift 203.0.113.80",
      ])
    func hungResolver(command: String) throws {
      // Packets to a silent router's own address end there without a word.
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        echo nameserver 198.18.2.1 > resolv.conf
        echo 203.0.113.80 named.test > hosts
        exec unshare -m sh -ec '
          mount --bind resolv.conf /etc/resolv.conf
          mount --bind hosts /etc/hosts
          start=$(date +%s%N)
          \(command) || [ $? = 1 ]
          echo "=== took"; echo $((($(date +%s%N) - start) / 1000000))'
        """, topology: Topologies.silentRouter)
      #expect(result.code == 0 && result.errors == "")
      let took = try #require(result.sections["took"]?.first.flatMap { Int($0) })
      #expect(took < 3_000)
      guard command.hasPrefix("ping") else { return }
      let elapsed = try #require(result.output.firstMatch(of: #/time (\d+)ms/#)?.1)
      // Two intervals of 200 ms; the machine may be slow, but a look-up takes five seconds.
      #expect((400..<2_000).contains(Int(elapsed) ?? 0))
    }

    @Test(
      "a reader that goes away ends a tool quietly",
      arguments: [
        "ping-swift -c 50 -i 0.2 203.0.113.80", "ping-swift --json -c 50 -i 0.2 203.0.113.80",
        "traceroute-swift -n -f 13 -q 10 203.0.113.80", "sniff-swift -l -n -i wan0",
      ])
    func closedPipe(command: String) throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        ping -i 0.2 www.discord.test > /dev/null & peer=$!
        { timeout 20 \(command) 2> errors; echo $? > code; } | head -n 1
        kill $peer; wait $peer
        \(Shell.section("code")); cat code
        \(Shell.section("errors")); cat errors
        """)
      let code = try #require(result.sections["code"]?.first.flatMap { Int($0) })
      #expect(code == 0 || code == 1)  // and no 124 of timeout, 141 of SIGPIPE
      let errors = result.sections["errors"]?.filter { line in
        // What tcpdump prints there too.
        !line.isEmpty && !line.hasPrefix("listening on ") && !line.contains(" packets ")
      }
      #expect(errors == [])
    }

    @Test(
      "SIGINT ends a tool with its summary and its usual exit code",
      arguments: [
        ("ping-swift -i 0.2 www.discord.test", "packets transmitted", 0),
        ("ping-swift -i 0.2 -t 2 www.discord.test", "100% packet loss", 1),
        ("ping-swift --json -i 0.2 www.discord.test", #""event":"ping.summary""#, 0),
        ("traceroute-swift --json 198.18.99.99", #""event":"trace.end""#, 0),
        ("sniff-swift -n -i wan0", "packets received by filter", 0),
        ("sniff-swift --story -i wan0", "Summary", 0),
      ])
    func interrupt(command: String, text: String, code: Int) throws {
      let result = try LiveLab.inside(
        """
        ping -i 0.2 www.discord.test > /dev/null & peer=$!
        timeout -k 5 --preserve-status -s INT 1.5 \(command); code=$?
        kill $peer; wait $peer
        exit $code
        """)
      #expect(result.code == CInt(code))
      #expect((result.output + result.errors).contains(text))
    }

    @Test("SIGQUIT brings one line and the run goes on")
    func status() throws {
      let result = try LiveLab.inside(
        """
        timeout -k 5 --preserve-status -s QUIT 0.7 ping-swift -c 6 -i 0.25 www.discord.test
        """)
      #expect(result.code == 0 && PingOutput(result.lines).replies.count == 6)
      let line = #/\r\d/\d packets, \d+% loss, min/avg/ewma/max = [\d.]+/[\d.]+/[\d.]+/[\d.]+ ms\n/#
      #expect(result.errors.wholeMatch(of: line) != nil, "\(result.errors)")
    }

    @Test("what pings and traces needs no libpcap", arguments: ["ping-swift", "traceroute-swift"])
    func libraries(tool: String) throws {
      let result = try LiveLab.run(["ldd", LiveLab.toolFolder + tool])
      #expect(result.output.contains("libc.so") && !result.output.contains("pcap"))
    }
  }
}
