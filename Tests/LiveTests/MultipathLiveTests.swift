import PacketTestSupport
import Testing

// One way is missed once in a thousand runs with these confidences, and not once in twenty.
extension Live.Traceroute {
  private func lastLine(_ result: ScriptResult) -> String { result.lines.last ?? "" }

  @Test(
    "all ways of the gallery's balancers, as the lab file has them",
    arguments: [
      ("diamond", "3 ways", "3 wide, 2 hops long"), ("wide", "16 ways", "16 wide, 2 hops long"),
      ("nested", "3 ways", "ways of different lengths"),
      ("per-packet", "4 ways", "balanced by packet: no flow keeps to a way"),
    ])
  func gallery(topology: String, ways: String, words: String) throws {
    let result = try LiveLab.inside(
      "traceroute-swift -n --mda --confidence 99.9 www.discord.test",
      options: ["--topology", topology])
    #expect(result.code == 0 && result.errors == "")
    #expect(lastLine(result).hasPrefix(ways + ", "), "\(result.output)")
    #expect(result.output.replacing("\n ", with: "").contains(words), "\(result.output)")
  }

  private func kernel(_ limit: String, _ command: String) throws -> ScriptResult {
    try LiveLab.run([WebPeers.script("../traceroute/kernel-ecmp.sh"), limit, "sh", "-c", command])
  }

  @Test(
    "the kernel's own balancing, four ways wide",
    .enabled(if: LiveLab.isRoot, "namespaces with names are root's"),
    arguments: [
      ("198.19.31.2", ""), ("198.19.31.2", "-I"), ("198.19.31.2", "-T"),
      ("2001:db8:ec:31::2", ""), ("2001:db8:ec:31::2", "-T"),
    ])
  func kernelBalancing(target: String, method: String) throws {
    let result = try kernel(
      "unlimited", "traceroute-swift -n --mda --confidence 99.9 \(method) \(target)")
    #expect(result.code == 0 && result.errors == "")
    // The kernel does not look at ICMP for ports: all echo requests go one way.
    let ways = method == "-I" ? "1 way, " : "4 ways, "
    #expect(lastLine(result).hasPrefix(ways), "\(result.output)")
  }

  @Test(
    "beside scamper's tracelb: the same routers, with no more probes",
    .enabled(if: LiveLab.isRoot, "namespaces with names are root's"))
  func besideScamper() throws {
    // Each of the two misses a way in one run of twenty.
    let isSame = try LiveLab.uponRetry {
      let result = try kernel(
        "unlimited",
        """
        scamper -c 'tracelb -P udp-sport' -i 198.19.31.2
        \(Shell.section("ours")); traceroute-swift -n --mda 198.19.31.2
        """)
      func found(_ text: String) -> Set<Substring> {
        Set(text.matches(of: #/198\.19\.[0-9]+\.2\b/#).map(\.output))
      }
      let theirs = try #require(result.sections[""]).joined(separator: "\n")
      let ours = try #require(result.sections["ours"])
      let (their, our) = (
        theirs.firstMatch(of: #/ (\d+) probes/#), ours.last?.firstMatch(of: #/ (\d+) probes/#)
      )
      let counts = (
        try #require(their.flatMap { Int($0.output.1) }, "\(result.output)"),
        try #require(our.flatMap { Int($0.output.1) }, "\(result.output)")
      )
      return found(theirs).count == 7 && found(theirs) == found(ours.joined(separator: "\n"))
        && counts.1 <= counts.0
    }
    #expect(isSame)
  }

  /// Over IPv6 the last router has four addresses and one limit for all of them.
  @Test(
    "the kernel's limit on errors slows a discovery, and neither hides nor invents anybody",
    .enabled(if: LiveLab.isRoot, "namespaces with names are root's"),
    arguments: [("198.19.31.2", "198.19."), ("2001:db8:ec:31::2", "2001:db8:ec:")])
  func kernelLimit(target: String, network: String) throws {
    let end = network.hasSuffix(":") ? "::2 " : ".2 "
    // On a machine with too much to do tokens come when nobody asks.
    let findsAll = try LiveLab.uponRetry {
      let result = try kernel(
        "limited", "timeout 20 traceroute-swift -n --mda --confidence 99.9 \(target)")
      let ways = (11...14).filter { result.output.contains("\(network)\($0)\(end)") }
      return result.code == 0 && ways.count == 4 && !result.output.contains(" * ")
    }
    #expect(findsAll)
  }

  @Test(
    "all probes of a plain trace take one of the kernel's ways, and the same for the same ports",
    .enabled(if: LiveLab.isRoot, "namespaces with names are root's"))
  func oneWay() throws {
    let result = try kernel(
      "unlimited",
      """
      for port in 40001 40002 40003 40004 40005 40006 40007 40008; do
        for run in 1 2; do
          traceroute-swift -n -q 10 --sport $port 198.19.31.2 | sed -n '3s/  [0-9.]* ms//gp'
        done
      done
      """)
    try #require(result.lines.count == 16)
    for pair in stride(from: 0, to: 16, by: 2) {
      #expect(result.lines[pair] == result.lines[pair + 1])
      #expect(result.lines[pair].wholeMatch(of: #/ 2  198\.19\.1[1-4]\.2/#) != nil)
    }
    // Eight flows on one way of four: once in 16 384 runs.
    #expect(Set(result.lines).count > 1)
  }
}
