import Testing

extension Live.Ping {
  /// Packages that many scripts read the output of ping with.
  enum Parsers {
    static let areThere =
      WebPeers.python.map { name in
        (try? LiveLab.run([name, "-c", "import jc, pingparsing"]))?.code == 0
      } ?? false
    static let missing: Comment =
      "no Python with the packages pingparsing and jc: scripts/test gets them from PyPI if it can"
  }

  /// About half of the packets are lost, going or coming back.
  private static let lossy = """
    client c.lossy.test 198.18.0.2
    router r.lossy.test 198.18.1.1 delay 1ms loss 40%
    site www.lossy.test 203.0.113.80
    """

  @Test(
    "pingparsing and jc read ours as they read iputils'",
    .enabled(if: Parsers.areThere, Parsers.missing),
    arguments: [
      ("-c 4 -i 0.2 www.discord.test", "4", ""), ("-n -c 3 -i 0.2 203.0.113.80", "3", ""),
      ("-6 -c 3 -i 0.2 www.discord.test", "3", ""),
      ("-D -n -c 3 -i 0.2 203.0.113.80", "3", ""),
      ("-c 3 -i 0.2 -t 3 www.discord.test", "0", ""),
      ("-O -n -c 3 -i 0.2 -W 1 -t 1 203.0.113.80", "0", ""),
      ("-n -c 2 -i 0.2 -W 1 198.18.99.9", "0", ""),
      ("-n -c 4 -i 0.2 203.0.113.80", "4", Topologies.doubling),
      ("-q -c 3 -i 0.2 www.discord.test", "3", ""),
    ])
  func parsers(arguments: String, received: String, topology: String) throws {
    let python = try #require(WebPeers.python)
    let script = """
      cd "$FOLDER"
      ping-swift \(arguments) > ours
      ping \(arguments) > theirs
      \(python) \(WebPeers.script("../ping/parsers.py")) ours theirs
      """
    let result =
      topology.isEmpty
      ? try LiveLab.inside(script) : try LiveLab.inside(script, topology: topology)
    #expect(result.lines == ["pingparsing same \(received)", "jc same \(received)"])
  }

  @Test(
    "pingparsing and jc find the loss that ours reports",
    .enabled(if: Parsers.areThere, Parsers.missing))
  func parsersOfLoss() throws {
    let python = try #require(WebPeers.python)
    let result = try LiveLab.inside(
      """
      cd "$FOLDER"
      ping-swift -n -c 40 -i 0.01 -W 1 203.0.113.80 > ours
      \(python) \(WebPeers.script("../ping/parsers.py")) ours ours
      grep -c "bytes from" ours
      """, topology: Self.lossy)
    let answers = try #require(result.lines.last)
    #expect(result.lines.first == "pingparsing same \(answers)")
    #expect((5...30).contains(Int(answers) ?? 0))
  }
}
