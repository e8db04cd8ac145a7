import Testing

extension Live {
  @Suite("Who runs the routers of the lab")
  struct Origins {
    /// What stands in brackets behind each hop of a trace without names.
    private func systems(_ lines: [String]) -> [String] {
      lines.dropFirst().compactMap { line in
        line.firstMatch(of: #/ \[([^\]]+)\]/#).map { String($0.1) }
      }
    }

    private static let expected: [String: [String]] = [
      "-4": [String](repeating: "AS64496", count: 5) + ["*"]
        + [String](repeating: "AS64499", count: 4) + ["AS64503", "AS64503"],
      "-6": [String](repeating: "AS64496", count: 5) + ["*"]
        + [String](repeating: "AS64500", count: 4) + ["AS64503", "AS64503"],
    ]

    @Test("by the lab's name server, as root and as an ordinary user", arguments: ["-4", "-6"])
    func names(family: String) throws {
      let result = try LiveLab.inside(
        """
        \(Shell.section("root")); traceroute-swift \(family) -n -q 1 -A www.discord.test
        \(Shell.section("user")); \(Shell.powerless) traceroute-swift \(family) -n -q 1 -A www.discord.test
        """)
      let expected = try #require(Self.expected[family])
      #expect(result.code == 0 && result.errors == "")
      for who in ["root", "user"] {
        #expect(systems(try #require(result.sections[who])) == expected)
      }
    }

    @Test("by a file, and then nobody is asked")
    func file() throws {
      let result = try LiveLab.inside(
        """
        printf '198.18.0.0/16 64510 MINE\\n203.0.113.0/24 AS64511 SITE\\n' > $FOLDER/table
        trace() { strace -f -o $FOLDER/calls -e trace=connect,sendto,sendmsg "$@"; }
        \(Shell.section("file")); trace traceroute-swift -n -q 1 --asn-file $FOLDER/table 203.0.113.80
        \(Shell.section("asked")); grep -c 'htons(53)' $FOLDER/calls
        \(Shell.section("without")); trace traceroute-swift -n -q 1 203.0.113.80
        \(Shell.section("asked then")); grep -c 'htons(53)' $FOLDER/calls
        \(Shell.section("both")); trace traceroute-swift -n -q 1 -A 203.0.113.80
        \(Shell.section("asked at last")); grep -c 'htons(53)' $FOLDER/calls
        """)
      let sections = result.sections
      let table = [String](repeating: "AS64510", count: 11) + ["AS64511"]
      #expect(systems(sections["file"] ?? []) == table && sections["asked"] == ["0"])
      #expect(systems(sections["without"] ?? []).isEmpty && sections["asked then"] == ["0"])
      #expect(systems(sections["both"] ?? []) == (Self.expected["-4"] ?? []))
      #expect(Int(sections["asked at last"]?.first ?? "").map { $0 > 0 } == true)
    }

    @Test("mtr's reports with systems, beside mtr's own", arguments: ["-r", "-r -w", "-C", "-j"])
    func reports(form: String) throws {
      let ours = [
        "-r": "--report", "-r -w": "--report-wide", "-C": "--report --csv", "-j": "--report --json",
      ]
      /// What is the same in both: all but times, and the program's name.
      func shape(_ lines: [String]) -> [String] {
        if form == "-j" {
          return lines.joined().matches(of: #/"(?:host|ASN)": ?"([^"]*)"/#).map { String($0.1) }
        }
        return lines.dropFirst(form == "-C" ? 0 : 1).map { line in
          form == "-C"
            ? line.split(separator: ",", omittingEmptySubsequences: false).dropFirst(2).prefix(6)
              .joined(separator: ",")
            : String(line.prefix(40))
        }
      }
      // On a machine with too much to do one of the two may lose a probe.
      let isSame = try LiveLab.uponRetry {
        let result = try LiveLab.inside(
          """
          \(Shell.section("theirs")); mtr -z -n \(form) -c 2 -i 0.2 203.0.113.80
          \(Shell.section("ours"))
          traceroute-swift -A -n \(try #require(ours[form])) -c 2 --interval 0.2 203.0.113.80
          """)
        let (theirs, mine) = (result.sections["theirs"] ?? [], result.sections["ours"] ?? [])
        return shape(mine) == shape(theirs) && mine.count > (form == "-j" ? 0 : 12)
          && shape(mine).contains { $0.contains("AS64496") }
      }
      #expect(isSame)
    }

    @Test("without an answer the trace ends, and says what it knows")
    func silence() throws {
      let result = try LiveLab.inside(
        """
        echo 'nameserver 192.0.2.1' > /etc/resolv.conf
        traceroute-swift -n -q 1 -A 203.0.113.80
        """)
      #expect(result.code == 0)
      #expect(systems(result.lines) == [String](repeating: "*", count: 12))
    }
  }
}
