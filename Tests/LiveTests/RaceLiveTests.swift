import JSONTestSupport
import Testing

extension Live {
  @Suite("Happy Eyeballs beside curl's own")
  struct Race {
    /// A name with an address of each family, whose hosts stand behind two routers.
    private static func topology(_ v6: String) -> String {
      """
      client   laptop.home.test  198.18.0.2  2001:db8::2
      router   r1.isp.test       198.18.1.1  2001:db8:1::1  delay 1ms
      router   old.isp.test      198.18.2.1  2001:db8:2::1  behind r1.isp.test delay 4ms
      site     v4.test           203.0.113.80  behind old.isp.test
      router   new.isp.test      198.18.3.1  2001:db8:3::1  behind r1.isp.test \(v6)
      site     v6.test           2001:db8:cb::81  behind new.isp.test
      record   www.race.test     A     203.0.113.80
      record   www.race.test     AAAA  2001:db8:cb::81

      """
    }

    /// What is on the way of IPv6, what becomes of the attempt there, and how long curl waits for it.
    private static let cases: [(way: String, result: String, wait: ClosedRange<Double>)] = [
      ("delay 400ms", "late", 100...150), ("drop tcp:80/none", "unanswered", 100...150),
      ("reject tcp:80/none", "refused", 2...30), ("prohibit tcp:80/none", "unreachable", 2...30),
    ]

    @Test("who was asked first, who began when and who won", arguments: cases.indices)
    func curl(index: Int) throws {
      let (way, result, wait) = Self.cases[index]
      var worst = ""
      let isSo = try LiveLab.uponRetry {
        let script = """
          sniff-swift --story --json -- sh -c 'curl -sS -o /dev/null --happy-eyeballs-timeout-ms 100 \
            -w "%{remote_ip} %{time_connect} %{time_namelookup}\\n" http://www.race.test/; sleep 1' > $FOLDER/all
          grep -v schema $FOLDER/all; grep story $FOLDER/all
          """
        let seen = try LiveLab.inside(script, topology: Self.topology(way))
        worst = seen.errors + (seen.lines.last ?? "")
        let curl = (seen.lines.first ?? "").split(separator: " ")
        #expect(curl.first == "203.0.113.80", "\(seen.errors)")
        let events = try seen.lines.dropFirst().map { try StrictJSON($0) }
        return try isTold(events, result, wait)
      }
      #expect(isSo, "\(worst)")
    }

    /// What holds whatever the machine does is expected; the time is for the caller to try again.
    private func isTold(
      _ events: [StrictJSON], _ result: String, _ wait: ClosedRange<Double>
    ) throws -> Bool {
      guard case .array(let races)? = events.last?["races"], races.count == 1,
        case .array(let attempts)? = races[0]["attempts"], attempts.count == 2,
        case .number(let text)? = attempts[1]["since_first_ns"], let time = Double(text)
      else { return false }
      #expect(races[0]["name"] == .string("www.race.test"))
      #expect(attempts.map { $0["result"] } == [.string(result), .string("won")])
      #expect(
        attempts.map { $0["server"] } == [.string("2001:db8:cb::81"), .string("203.0.113.80")])
      #expect(races[0]["winner"] == attempts[1]["flow"])
      guard case .array(let questions)? = races[0]["questions"] else { return false }
      #expect(Set(questions.map { $0["type"] }) == [.string("A"), .string("AAAA")])
      // The second attempt is there because of the first one, or of its failure.
      let second = events.first { $0["number"] == attempts[1]["syn"] && $0["layer"] != nil }
      guard case .array(let because)? = second?["because"], let syn = attempts[0]["syn"] else {
        return false
      }
      #expect(because.contains(syn))
      return wait.contains(time / 1e6)
    }

    @Test("a fast IPv6 path wins alone: there is no race to tell of")
    func noRace() throws {
      let seen = try LiveLab.inside(
        "sniff-swift --story --json -- curl -sS -o /dev/null http://www.race.test/ | tail -n 1",
        topology: Self.topology("delay 1ms"))
      let summary = try StrictJSON(seen.lines.last ?? "")
      #expect(summary["races"] == .array([]))
      guard case .array(let handshakes)? = summary["handshakes"] else {
        Issue.record("\(seen.errors)")
        return
      }
      #expect(handshakes.map { $0["server"] } == [.string("2001:db8:cb::81")])
    }
  }
}
