import Testing

extension Live.Traceroute {
  @Test(
    "jc reads ours as it reads Linux traceroute's",
    .enabled(if: Live.Ping.Parsers.areThere, Live.Ping.Parsers.missing),
    arguments: [
      ("www.discord.test", "12", "default"), ("-n www.discord.test", "12", "default"),
      ("-6 www.discord.test", "12", "default"), ("-q 1 -n www.discord.test", "12", "default"),
      ("-n -m 4 www.discord.test", "4", "default"),
      ("-n -w 1 www.discord.test", "8", "silent-middle"),
      ("-n -e -m 3 www.discord.test", "3", "mpls"),
      ("-n --back www.discord.test", "5", "asymmetric"),
      ("-n -w 1 -m 8 198.18.99.9", "1", "default"),
    ])
  func parsers(arguments: String, hops: String, topology: String) throws {
    let python = try #require(WebPeers.python)
    let result = try LiveLab.inside(
      """
      cd "$FOLDER"
      traceroute-swift \(arguments) > ours
      traceroute \(arguments) > theirs
      \(python) \(WebPeers.script("../traceroute/parsers.py")) ours theirs
      """, options: ["--topology", topology])
    #expect(result.lines == ["jc same \(hops)"])
  }
}
