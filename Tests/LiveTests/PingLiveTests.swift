import Testing

extension Live {
  @Suite("ping-swift beside iputils ping")
  struct Ping {
    /// Runs both at once, so that both meet the same load.
    private func both(
      _ arguments: String, ours extra: String = "", options: [String] = []
    ) throws -> (ours: PingOutput, theirs: PingOutput, codes: [String]) {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        { ping-swift \(extra) \(arguments) > ours 2>&1; echo $? > ours.code; } &
        ping \(arguments) > theirs 2>&1; echo $? > theirs.code
        wait
        \(Shell.section("codes")); cat ours.code theirs.code
        \(Shell.section("ours")); cat ours
        \(Shell.section("theirs")); cat theirs
        """, options: options)
      let sections = result.sections
      return (
        PingOutput(try #require(sections["ours"])), PingOutput(try #require(sections["theirs"])),
        try #require(sections["codes"])
      )
    }

    @Test(
      "the same peer, time to live and delay",
      arguments: [
        ("-4 www.discord.test", ""), ("-6 www.discord.test", ""), ("-4 -n mail.discord.test", ""),
        ("203.0.113.80", ""), ("2001:db8:cb::80", ""), ("-4 -I wan0 www.discord.test", ""),
        ("-6 -I wan0 www.discord.test", ""), ("-4 -I 198.18.0.2 203.0.113.53", ""),
        ("-4 www.discord.test", "--hdrincl"), ("-6 www.discord.test", "--hdrincl"),
        ("-4 -s 1000 www.discord.test", ""), ("chat.discord.test", ""),
      ])
    func samePeer(arguments: String, extra: String) throws {
      var difference = 0.0
      let isClose = try LiveLab.uponRetry {
        let (ours, theirs, codes) = try both("-c 5 -i 0.2 \(arguments)", ours: extra)
        #expect(codes == ["0", "0"])
        // With -4 the iputils of Debian 12 leave out the name here.
        let host = arguments.split(separator: " ").last ?? ""
        #expect(ours.firstLine == theirs.firstLine.replacing("PING  (", with: "PING \(host) ("))
        #expect(ours.replies.count == 5 && ours.replies == theirs.replies)
        #expect(ours.hasParseableSummary && theirs.hasParseableSummary)
        #expect(ours.summaryShape == theirs.summaryShape)
        difference = ours.times.median - theirs.times.median
        return difference.magnitude <= 1
      }
      #expect(isClose, "ours take \(difference) ms longer in the median")
    }

    @Test(
      "the same router says that a time to live ran out", arguments: ["-4", "-6"], [1, 3, 11])
    func limitedTimeToLive(family: String, hops: Int) throws {
      for extra in ["", "--hdrincl"] {
        let (ours, theirs, codes) = try both(
          "\(family) -t \(hops) -c 3 -i 0.2 www.discord.test", ours: extra)
        #expect(codes == ["1", "1"])
        #expect(ours.errors.count == 3 && ours.errors == theirs.errors)
        #expect(ours.replies.isEmpty && ours.hasParseableSummary && theirs.hasParseableSummary)
        #expect(ours.summaryShape == theirs.summaryShape)
      }
    }

    @Test(
      "the same exit codes",
      arguments: [
        ("-c 1 www.discord.test", "0"), ("-c 1 -W 1 198.18.99.9", "1"),
        ("-c 2 -i 0.2 -w 3 www.discord.test", "0"), ("-c 1 nosuch.discord.test", "2"),
        ("-c 1 -4 2001:db8:cb::80", "2"),
        ("--nosuch www.discord.test", "2"), ("-c 1 -I nosuch0 www.discord.test", "2"),
      ])
    func exitCodes(arguments: String, code: String) throws {
      #expect(try both(arguments).codes == [code, code])
    }

    @Test("where everything is lost, both say so in the same words")
    func everythingIsLost() throws {
      let (ours, theirs, codes) = try both(
        "-c 2 -i 0.2 -W 1 203.0.113.80", options: ["--loss", "100"])
      #expect(codes == ["1", "1"])
      #expect(ours.summary.first?.contains("2 packets transmitted, 0 received, 100%") == true)
      #expect(ours.summaryShape == theirs.summaryShape && ours.hasParseableSummary)
    }

    @Test("the addresses are those that dig finds", arguments: [("-4", "A"), ("-6", "AAAA")])
    func names(family: String, type: String) throws {
      let result = try LiveLab.inside(
        """
        \(Shell.section("dig")); dig +short www.discord.test \(type)
        \(Shell.section("ours")); ping-swift \(family) -n -c 1 www.discord.test
        \(Shell.section("name")); dig +short -x "$(dig +short www.discord.test \(type))"
        \(Shell.section("named")); ping-swift \(family) -c 5 -i 0.2 www.discord.test
        """)
      let address = try #require(result.sections["dig"]?.first)
      let name = try #require(result.sections["name"]?.first)
      let (ours, named) = (
        PingOutput(result.sections["ours"] ?? []), PingOutput(result.sections["named"] ?? [])
      )
      #expect(ours.replies.map(\.peer) == [address])
      // A line waits for its name, but not for long: on a busy machine the first may go without.
      #expect(named.replies.last?.peer == "\(name.dropLast()) (\(address))")
      #expect(named.replies.count == 5 && named.replies.allSatisfy { $0.peer.contains(address) })
    }
  }
}
