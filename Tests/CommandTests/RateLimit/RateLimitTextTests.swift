import JSONTestSupport
import PacketWire
import Testing

@testable import ProbeEngine
@testable import TracerouteCommand

@Suite("Limits of errors, in tables and words")
struct RateLimitTextTests {
  private typealias Samples = RateLimitSamples

  private func sentences(
    _ hops: [HopRateLimit], hop: Int? = nil, family: IPFamily = .v4
  ) -> [String] {
    var configuration = RateLimitTrace.Configuration()
    configuration.hop = hop
    return Samples.text.sentences(hops, configuration).map(\.text)
  }

  @Test("the table")
  func table() {
    var configuration = RateLimitTrace.Configuration()
    let lines =
      [
        EventSamples.line { Samples.text.start(configuration, &$0) },
        EventSamples.line { Samples.text.heading(&$0) },
      ] + Samples.all.map { hop in EventSamples.line { Samples.text.hop(hop, &$0) } }
    #expect(
      lines.joined(separator: "\n") == """
        rate limits on the way to www.example.test (203.0.113.80), 30 hops max, 60 byte packets, 100 a second at the most
         hop    answered  errors a second           at once       router
           1     213/213  none up to 100            -             r1.example.test (198.18.1.1)
           2       24/55  0.99 (0.94 to 1.04)       6             198.18.2.1
           3         0/3  silent                    -             *
           4     113/213  about 40                  -             198.18.4.1
           5       17/97  2.38 (2.26 to 2.47)       1             198.18.5.1, 198.18.5.2
           6        3/23  under 0.67                3 (3 to 4)    198.18.6.1
           7         3/3  not known                 -             198.18.7.1
           8         3/3  the target, not asked     -             203.0.113.80
        """)
    let refusal = Samples.hop(9, lost: 0, of: 3, .target)
    #expect(EventSamples.line { Samples.text.hop(refusal, &$0) }.contains("the end, not asked"))
    configuration.hop = 4
    configuration.highestRate = 20
    #expect(
      EventSamples.line { Samples.text.start(configuration, &$0) }
        == "rate limits on the way to www.example.test (203.0.113.80), hop 4, 60 byte packets, "
        + "20 a second at the most")
  }

  @Test("what is said of it")
  func words() {
    let notLost = ": what it does not answer beyond that is not lost."
    #expect(
      sentences(Samples.all) == [
        "Hop 2 (198.18.2.1) limits its errors to 0.99 a second, 6 at once, as Linux does if nothing "
          + "else is set" + notLost,
        "Hop 4 (198.18.4.1) answers fewer of fast probes, some 40 a second at the most: it limits "
          + "its errors, but not by a steady rate.",
        "Hop 5 (198.18.5.1) limits its errors to 2.38 a second, never two at once" + notLost,
        "2 routers answer at hop 5: its figures are of all of them.",
        "Hop 6 (198.18.6.1) limits its errors to less than 0.67 a second, 3 at once" + notLost,
        "Hop 3 says nothing, but passes probes on.", "Hop 7 was not asked long enough to say.",
      ])
    #expect(sentences([]) == ["Nobody has answered."])
    #expect(sentences([], hop: 3) == ["Nobody has answered at hop 3."])
    #expect(
      sentences([Samples.all[0], Samples.all[7]]) == [
        "No router that was asked limits its errors up to 100 a second."
      ])
    #expect(
      sentences([Samples.all[7]], hop: 8) == [
        "The target answers these probes with no errors; UDP probes are answered with some."
      ])
  }

  @Test("loss that is no limit is told once, where it begins, and own loss apart")
  func losses() {
    let hops = [
      Samples.hop(1, lost: 60, of: 200, .unlimited), Samples.hop(2, lost: 20, of: 200, .unlimited),
      Samples.hop(3, lost: 22, of: 200, .unlimited),
    ]
    #expect(
      sentences(hops) == [
        "No router that was asked limits its errors up to 100 a second.",
        "Hop 1 leaves out 30 % (95 %: 24 % to 37 %) of its answers at any rate; hops behind it leave "
          + "out fewer, so the path loses nothing there.",
        "From hop 2 on 10 % (95 %: 6.6 % to 15 %) of the probes are lost at any rate, and as many "
          + "behind it: that is real loss, no limit.",
      ])
  }

  @Test(
    "figures have three digits",
    arguments: [
      (0.2, "0.20"), (1, "1"), (1.234, "1.23"), (9.996, "10"), (49.64, "49.6"), (99.96, "100"),
      (250.4, "250"), (0.001, "0"),
    ])
  func number(value: Double, text: String) { #expect(RateLimitText.number(value) == text) }

  @Test("a limit, field for field")
  func event() throws {
    let event = try StrictJSON(Samples.lines[2])
    #expect(event["event"] == .string("trace.rate_limit") && event["ttl"] == .number("2"))
    #expect(event["finding"] == .string("limited") && event["burst"] == .number("6"))
    #expect(event["sent"] == .number("55") && event["answered"] == .number("24"))
    #expect(event["name"] == .null && event["address"] == .string("198.18.2.1"))
    let last = try StrictJSON(Samples.lines[8])
    #expect(last["finding"] == .string("target") && last["rate"] == .null)
    #expect(last["fastest"] == .null && last["loss"] == .null)
  }
}
