import Testing

/// The hops of a trace, ours or the system's.
struct TraceOutput {
  struct Hop: Equatable {
    var number: Int
    /// Names and addresses, as they are printed.
    var peers: [String]
    var lost: Int
  }

  var firstLine: String
  var hops: [Hop] = []
  /// Of each hop the least, in milliseconds: what was waited for in a queue is in the others.
  var times: [Double] = []

  init(_ lines: [String]) {
    firstLine = lines.first ?? ""
    for line in lines.dropFirst() where !line.isEmpty {
      guard let found = line.wholeMatch(of: #/ ?(\d+)  ?(.*)/#) else { continue }
      let rest = String(found.2)
      let peers = rest.matches(of: #/([^\s(]+ \([^)]+\)|[0-9a-f:.]+)  [\d.]+ ms/#)
      hops.append(
        Hop(
          number: Int(found.1) ?? -1, peers: peers.map { String($0.1) },
          lost: rest.count { $0 == "*" }))
      times.append(rest.matches(of: #/([\d.]+) ms/#).compactMap { Double($0.1) }.min() ?? -1)
    }
  }
}

extension Live {
  @Suite("traceroute-swift beside traceroute")
  struct Traceroute {
    /// One after the other: each fills the path with probes.
    private func both(
      _ arguments: String, ours extra: String, asOrdinaryUser: Bool
    ) throws -> (ours: TraceOutput, theirs: TraceOutput, errors: String) {
      let prefix = asOrdinaryUser ? Shell.powerless : ""
      let result = try LiveLab.inside(
        """
        # What an administrator sets for ICMP without a raw socket.
        echo '0 0' > /proc/sys/net/ipv4/ping_group_range
        \(Shell.section("ours")); \(prefix) traceroute-swift \(extra) \(arguments)
        \(Shell.section("theirs")); traceroute \(arguments)
        """)
      #expect(result.code == 0)
      return (
        TraceOutput(try #require(result.sections["ours"])),
        TraceOutput(try #require(result.sections["theirs"])), result.errors
      )
    }

    @Test(
      "the same hops, names and delays",
      arguments: [
        ("www.discord.test", "", false), ("-n www.discord.test", "", false),
        ("-6 www.discord.test", "", false), ("-I www.discord.test", "", false),
        ("-6 -I www.discord.test", "", false), ("www.discord.test", "--hdrincl", false),
        ("-6 -n www.discord.test", "--hdrincl", false),
        ("-I -n www.discord.test", "--hdrincl", false),
        ("-n www.discord.test", "", true), ("-6 www.discord.test", "", true),
        ("-I www.discord.test", "", true), ("-6 -I -n www.discord.test", "", true),
        ("-f 4 -m 9 -q 2 www.discord.test 100", "", false),
        ("-n www.discord.test 4000", "", false), ("-6 -n www.discord.test 4000", "", false),
        ("-I -n www.discord.test 3001", "", false),
      ])
    func sameHops(arguments: String, extra: String, asOrdinaryUser: Bool) throws {
      var differences: [Double] = []
      let isClose = try LiveLab.uponRetry {
        let (ours, theirs, errors) = try both(
          arguments, ours: extra, asOrdinaryUser: asOrdinaryUser)
        #expect(errors == "")
        #expect(ours.firstLine == theirs.firstLine)
        #expect(ours.hops.map(\.number) == theirs.hops.map(\.number))
        // Theirs misses answers that come while it looks names up.
        #expect(ours.hops.map(\.peers) == theirs.hops.map(\.peers))
        #expect(ours.hops.count == (arguments.contains("-m 9") ? 6 : 12))
        // On a machine that is busy with something else an answer can come behind its time.
        guard ours.hops.allSatisfy({ $0.peers.count == 1 && $0.lost == 0 }) else { return false }
        guard ours.times.count == theirs.times.count else { return true }
        differences = zip(ours.times, theirs.times).map { $0 - $1 }
        return differences.map(\.magnitude).median <= 1
      }
      #expect(isClose, "answers are missing, or ours take longer by \(differences) ms")
    }

    @Test("a silent router is a line of stars")
    func silentRouter() throws {
      let result = try LiveLab.inside(
        "traceroute-swift 203.0.113.80", topology: Topologies.silentRouter)
      let ours = TraceOutput(result.lines)
      #expect(
        ours.hops == [
          .init(number: 1, peers: ["r1.silent.test (198.18.1.1)"], lost: 0),
          .init(number: 2, peers: [], lost: 3),
          .init(number: 3, peers: ["www.silent.test (203.0.113.80)"], lost: 0),
        ])
    }
  }
}

/// Lab files.
enum Topologies {
  /// Its second router takes packets for itself and answers none of them.
  static let silentRouter = """
    client c.silent.test 198.18.0.2 2001:db8::2
    router r1.silent.test 198.18.1.1 2001:db8:1::1 delay 1ms
    router r2.silent.test 198.18.2.1 2001:db8:2::1 delay 1ms silent
    site www.silent.test 203.0.113.80 2001:db8:cb::80 delay 1ms
    """
}
