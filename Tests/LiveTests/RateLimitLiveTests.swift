import JSONTestSupport
import PacketTestSupport
import Testing

extension Live {
  @Suite("How many errors hops send")
  struct RateLimits {
    private static let topology = """
      client laptop.home.test 198.18.0.2 2001:db8:0::2
      router r1.isp.test 198.18.1.1 2001:db8:1::1 delay 1ms limit 4/s:6
      router r2.isp.test 198.18.2.1 2001:db8:2::1 delay 1ms silent
      router r3.isp.test 198.18.3.1 2001:db8:3::1 delay 1ms
      site www.discord.test 203.0.113.80 2001:db8:cb::80

      """

    /// The event of a hop, if it has one.
    private func hop(_ timeToLive: Int, _ lines: [String]?) throws -> StrictJSON? {
      try (lines ?? []).map { try StrictJSON($0) }.first {
        $0["event"] == .string("trace.rate_limit") && $0["ttl"] == .number("\(timeToLive)")
      }
    }

    private func number(_ value: StrictJSON?) -> Double? {
      guard case .number(let digits)? = value else { return nil }
      return Double(digits)
    }

    /// A machine with too much to do sends its probes late, and some limits look a little slower.
    private func isLimited(
      _ hop: StrictJSON?, to rate: ClosedRange<Double>, burst: Int
    ) -> Bool {
      hop?["finding"] == .string("limited")
        && number(hop?["rate"]).map { rate.contains($0) } ?? false
        && number(hop?["burst"]).map { abs($0 - Double(burst)) <= 1 } ?? false
    }

    @Test("the lab's limits, whatever the probes and the sockets are")
    func lab() throws {
      let trace = "timeout 40 traceroute-swift -n --json --rate-limit --max-rate 64"
      var last = ""
      let isRight = try LiveLab.uponRetry {
        let result = try LiveLab.inside(
          """
          \(Shell.section("udp")); \(trace) 203.0.113.80
          for run in "-I" "-6 -T"; do
            echo "=== $run"; \(trace) --hop 1 $run www.discord.test
          done
          \(Shell.section("user")); \(Shell.powerless) \(trace) --hop 1 203.0.113.80
          """, topology: Self.topology)
        last = result.output + result.errors
        let sections = result.sections
        guard try hop(2, sections["udp"])?["finding"] == .string("silent"),
          try hop(3, sections["udp"])?["finding"] == .string("unlimited"),
          try hop(4, sections["udp"])?["finding"] == .string("target")
        else { return false }
        return try ["udp", "-I", "-6 -T", "user"].allSatisfy { name in
          isLimited(try hop(1, sections[name]), to: 3.6...4.4, burst: 6)
        }
      }
      #expect(isRight, "\(last)")
    }

    @Test(
      "the kernel's own limit: one error a second, and six at once",
      .enabled(if: LiveLab.isRoot, "namespaces with names are root's"))
    func kernel() throws {
      var last = ""
      let isRight = try LiveLab.uponRetry {
        let result = try LiveLab.run([
          WebPeers.script("../traceroute/kernel-ecmp.sh"), "limited", "sh", "-c",
          "timeout 50 traceroute-swift -n --json --rate-limit --max-rate 50 198.19.31.2",
        ])
        last = result.output + result.errors
        guard result.code == 0 else { return false }
        return try (1...3).allSatisfy { timeToLive in
          isLimited(try hop(timeToLive, result.lines), to: 0.9...1.1, burst: 6)
        }
      }
      #expect(isRight, "\(last)")
    }

    @Test("interrupted, it says what it knows")
    func interrupt() throws {
      let result = try LiveLab.inside(
        """
        timeout -s INT 2 traceroute-swift -n --rate-limit 203.0.113.80; echo "code $?"
        """, topology: Self.topology)
      #expect(result.lines.count >= 7, "\(result.output)\(result.errors)")
      #expect(result.output.contains("not known"), "\(result.output)")
      #expect(result.output.contains("was not asked long enough"), "\(result.output)")
    }
  }
}
