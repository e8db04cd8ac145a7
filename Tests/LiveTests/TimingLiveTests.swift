import JSONTestSupport
import Testing

extension Live {
  @Suite("The time of a page beside curl's own")
  struct Timings {
    /// In milliseconds, by what curl calls them: since its start, and what lies between.
    private struct Clock {
      var lookup, connect, tls, wait, content, total: Double
    }

    /// curl's own times; it starts some work before its first packet.
    private static let format =
      #"%{time_namelookup} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total}\n"#

    @Test(
      "connect, TLS, first byte, content and their sum agree within a millisecond",
      arguments: ["http://www.discord.test/", "https://www.discord.test/"])
    func curl(address: String) throws {
      var worst = ""
      let isClose = try LiveLab.uponRetry {
        let result = try LiveLab.inside(
          """
          cd "$FOLDER"
          sniff-swift --story --json -- curl -s -o /dev/null -w '\(Self.format)' \(address) > all
          grep -v '^{' all; grep story.summary all
          """)
        let (theirs, ours) = try (
          self.theirs(result.lines.first ?? ""), self.ours(result.lines.last ?? "")
        )
        let differences = [
          theirs.connect - ours.connect, theirs.tls - ours.tls, theirs.wait - ours.wait,
          theirs.content - ours.content,
          (theirs.total - theirs.lookup) - (ours.total - ours.lookup),
        ]
        // Before its first packet curl starts a thread and reads files; packets do not show it.
        let early = theirs.lookup - ours.lookup
        worst = "\(theirs) \(ours)"
        return differences.allSatisfy { abs($0) < 1 } && early > -0.5 && early < 20
      }
      #expect(isClose, "\(worst)")
    }

    private func theirs(_ line: String) throws -> Clock {
      let times = line.split(separator: " ").compactMap { Double($0).map { $0 * 1_000 } }
      try #require(times.count == 5, "\(line)")
      // Without TLS its time is 0.
      let ready = max(times[1], times[2])
      return Clock(
        lookup: times[0], connect: times[1] - times[0], tls: ready - times[1],
        wait: times[3] - ready, content: times[4] - times[3], total: times[4])
    }

    private func ours(_ line: String) throws -> Clock {
      let summary = try StrictJSON(line)
      func number(_ value: StrictJSON?) throws -> Double {
        guard case .number(let text)? = value, let number = Double(text) else {
          throw Missing()
        }
        return number / 1e6
      }
      guard case .array(let timings)? = summary["timings"], timings.count == 1,
        case .array(let pages)? = summary["pages"], let page = pages.first
      else { throw Missing() }
      let timing = timings[0]
      func phase(_ name: String) throws -> Double { try number(timing["\(name)_ns"]) }
      let clock = Clock(
        lookup: try phase("name_lookup"), connect: try phase("connect"), tls: try phase("tls"),
        wait: try phase("request") + phase("wait"), content: try phase("content"),
        total: try number(page["end_ns"]) - number(page["start_ns"]))
      // They add up: of one request, the page's time is its phases'.
      let sum = clock.lookup + clock.connect + clock.tls + clock.wait + clock.content
      #expect(abs(sum - clock.total) < 0.000_01)
      return clock
    }

    private struct Missing: Error {}
  }
}
