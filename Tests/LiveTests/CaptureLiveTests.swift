import Testing

extension Unhurried {
  @Suite("sniff-swift captures as tcpdump does")
  struct Capture {
    @Test(
      "filters are compiled to the same program",
      arguments: ["-i lo", "-i any", "-i lo -O", "-y RAW", "-y LINUX_SLL", ""])
    func dump(options: String) throws {
      let result = try LiveLab.inside(
        """
        for d in -d -dd -ddd; do
          for f in 'tcp port 80' 'host 192.0.2.1 and not arp' 'ip6 or udp[4:2] > 100'; do
            for t in tcpdump 'sniff-swift --exact-filter'; do
              $t \(options) $d "$f" > "$FOLDER/${t%% *}" 2>> "$FOLDER/errors" || echo "$t fails: $d $f"
            done
            cmp "$FOLDER/tcpdump" "$FOLDER/sniff-swift"; wc -l < "$FOLDER/tcpdump"
          done
        done
        """)
      #expect(result.code == 0 && result.lines.count == 9)
      #expect(result.lines.allSatisfy { (Int($0) ?? 0) > 4 }, "\(result.lines)")
    }

    @Test("lists of link types and time stamps", arguments: ["lo", "any", "wan0"])
    func lists(interface: String) throws {
      let result = try LiveLab.inside(
        """
        for o in -L -J; do
          tcpdump -i \(interface) $o > "$FOLDER/theirs" 2>&1
          sniff-swift -i \(interface) $o > "$FOLDER/ours" 2>&1; cmp "$FOLDER/theirs" "$FOLDER/ours"
        done
        """)
      #expect(result.code == 0 && result.output == "")
    }

    @Test(
      "files follow each other as tcpdump's do, octet for octet",
      arguments: ["-C 1", "-C 1 -W 3", "-C 1 -W 12", "-C 1 -W 1", "-G 3600 -C 1 -W 2"])
    func rings(options: String) throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"; sniff-swift -i lo -s 300 -w one -- ping -q -i 0.001 -s 200 -c 200 127.0.0.1 \
          > out 2>&1 || exit 1
        for i in $(seq 12); do echo one; done > list
        tcpdump -Z root -V list -w - 2> err | sniff-swift -r - --nano -w big
        mkdir ours theirs
        for i in $(seq 20); do echo ../big; done > again
        (cd theirs && tcpdump -Z root -V ../again -w x \(options)) 2> err || exit 2
        (cd ours && sniff-swift -V ../again -w x \(options)) || exit 3
        diff -r ours theirs && ls ours | wc -l
        """)
      #expect(result.code == 0, "\(result.errors)")
      #expect((Int(result.lines.last ?? "") ?? 0) >= 1, "\(result.lines)")
    }

    @Test("another user's files in root's own folder, and the command that follows")
    func becomesUser() throws {
      try #require(LiveLab.isRoot)
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"; mkdir -m 700 private
        ping -q -i 0.01 -s 1000 -c 400 127.0.0.1 > out & ping=$!
        timeout 20 sniff-swift -i lo -Z nobody -C 2k -W 4 -c 30 -w private/x icmp || exit 1
        timeout 20 sniff-swift -i lo -C 2k -z gzip -c 10 -w private/y icmp || exit 1
        kill $ping; until ls private/y.gz private/y1.gz > out; do sleep 0.05; done
        stat -c '%U %n' private/x?; zcat private/y1.gz | sniff-swift --count -r -
        """)
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.lines.prefix(4) == (0..<4).map { "nobody private/x\($0)" }[...])
      #expect(result.lines.last == "2 packets")
      #expect(result.errors.contains("dropped privs to nobody\n"))
      #expect(!result.errors.contains("ermission"))
    }

    @Test("who writes the files has no rights left, and whoever opens them hears no packet")
    func rights() throws {
      try #require(LiveLab.isRoot)
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        timeout 20 sniff-swift -i lo -Z nobody -C 1 -w x 2> err & waiter=$!
        until grep -q listening err; do sleep 0.05; done
        main=$(pgrep -P $waiter); helper=$(pgrep -P $main)
        grep -E '^(Uid|CapEff)' /proc/$main/status; cat /proc/$helper/comm
        ls -l /proc/$main/fd | grep -c packet: ; ls -l /proc/$helper/fd | wc -l
        grep -c '' /proc/net/packet; ls -l /proc/$main/fd /proc/$helper/fd > err
        kill $main; wait $waiter; sleep 0.1; ls /proc/$helper 2>&1 | head -1
        """)
      let lines = result.lines
      #expect(lines.first?.split(separator: "\t").dropFirst().allSatisfy { $0 == "65534" } == true)
      #expect(lines.dropFirst().first == "CapEff:\t0000000000000000")
      #expect(lines.contains("sniff-files"))
      #expect(result.output.contains("No such file"), "\(lines)")
    }

    @Test("files that only root may read follow each other in a list")
    func foreignFiles() throws {
      try #require(LiveLab.isRoot)
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        sniff-swift -i lo -w own -- ping -q -i 0.01 -c 5 127.0.0.1 > out 2>&1 || exit 1
        cp own foreign; chown 65534 foreign; chmod 600 foreign; cp own last
        printf 'own\nforeign\nlast\n' > list; sniff-swift --count -V list
        printf 'own\nnone\nlast\n' > list; sniff-swift --count -V list; echo code $?
        """)
      #expect(result.lines == ["30 packets", "10 packets", "code 1"])
      #expect(result.errors == "sniff-swift: cannot open none: No such file or directory\n")
    }

    @Test("a set-user-ID tool reads what its user may read")
    func userFiles() throws {
      try #require(LiveLab.isRoot)
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"; chmod 755 .
        sniff-swift -i lo -w own -- ping -q -c 1 127.0.0.1 > out 2>&1 || exit 1
        cp $(command -v sniff-swift) t; chmod 4755 t
        echo 'nobody should see this' > secret; chmod 600 secret own; echo own > list
        cp own theirs; chown 65534 theirs
        for words in "-i lo -c 1 -F secret" "-d -F secret" "-r own" "-V secret" "-V list"; do
          setpriv --reuid 65534 --regid 65534 --clear-groups ./t -n $words 2>&1
        done
        setpriv --reuid 65534 --regid 65534 --clear-groups ./t --count -r theirs
        """)
      #expect(result.lines.count == 6 && result.lines.last == "2 packets", "\(result.output)")
      #expect(result.lines.dropLast().allSatisfy { $0.contains("Permission denied") })
    }

    @Test("the same counts as tcpdump, at the end and when asked for")
    func counts() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        tcpdump --immediate-mode -Z root -n -i lo -w theirs icmp 2> theirs.err & a=$!
        sniff-swift -n -i lo -w ours icmp 2> ours.err & b=$!
        until grep -q listening theirs.err && grep -q listening ours.err; do sleep 0.05; done
        ping -q -c 20 -i 0.01 127.0.0.1 > out; sleep 0.3
        kill -USR1 $a $b; sleep 0.3; kill -INT $a $b; wait
        \(Shell.section("theirs")); sed 's/^tcpdump: //' theirs.err | tail -4
        \(Shell.section("ours")); sed 's/^sniff-swift: //' ours.err | tail -4
        """)
      #expect(result.sections["ours"] == result.sections["theirs"])
      #expect(result.sections["ours"]?.first?.hasPrefix("40 packets captured, 80 ") == true)
    }

    @Test("a direction", arguments: ["in", "out", "inout"])
    func direction(word: String) throws {
      let result = try LiveLab.inside(
        """
        for t in 'tcpdump --immediate-mode' sniff-swift; do
          : > "$FOLDER/err"; $t -n -t -l -i wan0 -Q \(word) icmp > "$FOLDER/out" 2> "$FOLDER/err" & t=$!
          until grep -q listening "$FOLDER/err"; do sleep 0.05; done
          ping -q -c 3 -i 0.1 203.0.113.80 > "$FOLDER/ping"; sleep 1
          kill -INT $t; wait $t; sed -En 's/id [0-9]+/id/p' "$FOLDER/out"; echo "==="
        done
        """)
      let parts = result.output.components(separatedBy: "===\n")
      #expect(result.lines.filter { $0.contains("ICMP echo") }.count == (word == "inout" ? 12 : 6))
      #expect(parts.count == 3 && parts[0] == parts[1])
    }

    @Test("two interfaces into one file, in the order of time, each with its counts")
    func interfaces() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        sniff-swift -i lo -i wan0 -w two.pcapng --print -n -tt icmp > lines 2> err & s=$!
        until grep -q 'on wan0' err; do sleep 0.05; done
        ping -q -c 30 -i 0.01 127.0.0.1 > out & ping -q -c 10 -i 0.03 203.0.113.80 > out2
        sleep 0.6; kill -INT $s; wait $s
        \(Shell.section("order")); cut -d' ' -f1 lines | sort -c && wc -l < lines
        \(Shell.section("names")); cut -d' ' -f2 lines | sort | uniq -c
        \(Shell.section("counts")); grep ': ' err
        sniff-swift -r two.pcapng --fields frame.interface_id | sort | uniq -c
        """)
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.sections["order"] == ["80"])
      let names = (result.sections["names"] ?? []).map { $0.trimmed }
      #expect(names == ["60 lo", "20 wan0"], "\(names)")
      let counts = (result.sections["counts"] ?? []).map { $0.trimmed }
      #expect(
        counts.contains("wan0: 20 packets received by filter, 0 dropped by kernel, 0 by interface"))
      #expect(counts.contains("60 0") && counts.contains("20 1"), "\(counts)")
    }

    @Test("without its helper a series ends with an error, at once")
    func helperGone() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"; ping -q -i 0.01 -s 1400 127.0.0.1 > out & ping=$!
        timeout 20 sniff-swift -i lo -C 2k -w x icmp & waiter=$!
        until [ -s x3 ]; do sleep 0.05; done
        kill -9 $(pgrep -P $(pgrep -P $waiter)); wait $waiter; echo $?; kill $ping
        """)
      #expect(result.lines == ["1"])
      #expect(result.errors.contains("cannot create the next file: "), "\(result.errors)")
    }

    @Test("a series with a last file ends when its time is over, though no packet comes")
    func quietEnd() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"; timeout 20 sniff-swift -i lo -G 1 -W 1 -w x%Y port 1; echo $?; ls x*
        """)
      #expect(result.lines.first == "0" && result.lines.count == 2)
      #expect(result.errors.contains("Maximum file limit reached: 1\n0 packets captured\n"))
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    split(separator: " ").joined(separator: " ")
  }

  fileprivate func components(separatedBy mark: String) -> [String] {
    split(separator: mark, omittingEmptySubsequences: false).map { String($0) }
  }
}
