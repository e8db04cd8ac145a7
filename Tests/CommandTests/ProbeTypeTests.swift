import CommandLineKit
import LinuxNet
import PacketText
import PacketWire
import Testing

@testable import PingCommand
@testable import ProbeEngine

@Suite("ICMP types as they are asked for")
struct ProbeTypeTests {
  @Test(
    "names, in full, in short and as other tools have them",
    arguments: [
      ("echo-request", 8, 128), ("echo", 8, 128), ("Echo Reply", 0, 129), ("timestamp", 13, nil),
      ("timestamp-reply", 14, nil), ("address-mask", 17, nil), ("mask", 17, nil),
      ("mask-reply", 18, nil), ("information", 15, nil), ("information-request", 15, nil),
      ("redirect", 5, 137),
      ("destination-unreachable", 3, 1), ("dest-unreach", 3, 1), ("time-exceeded", 11, 3),
      ("parameter_problem", 12, 4), ("packet-too-big", nil, 2), ("router-solicitation", 10, 133),
      ("neighbour-solicitation", nil, 135), ("neighbor-advertisement", nil, 136),
      ("multicast-listener-query", nil, 130), ("node-information", nil, 139),
      ("extended-echo", 42, 160), ("extended-echo-reply", 43, 161), ("skip", 39, nil),
    ] as [(String, UInt8?, UInt8?)])
  func names(text: String, v4: UInt8?, v6: UInt8?) throws {
    let type = try ProbeType(argument: text)
    #expect(type[.v4] == v4 && type[.v6] == v6)
    #expect(type.onlyFamily == (v4 == nil ? .v6 : v6 == nil ? .v4 : nil))
  }

  @Test("a number is the same in both families, and may have a name in one only")
  func numbers() throws {
    for (number, family) in [("13", IPFamily.v4), ("139", .v6), ("200", .v6), ("254", .v4)] {
      #expect(try ProbeType(argument: number).onlyFamily == family)
    }
    for number in ["3", "100", "0xff"] {
      #expect(try ProbeType(argument: number).onlyFamily == nil)
    }
    #expect(try ProbeType(argument: "0x2a")[.v4] == 42)
    #expect(try ProbeType(argument: "5").text(.v4) == "type 5 (redirect)")
    #expect(try ProbeType(argument: "5").text(.v6) == "type 5")
  }

  @Test(
    "what is neither is said to be", arguments: ["", "-", " ", "5x", "-1", "request", "é", "ech"])
  func refused(text: String) {
    #expect(throws: UsageError.self) { try ProbeType(argument: text) }
  }

  @Test("only errors have no errors about them")
  func errors() throws {
    for (name, isError) in [("redirect", true), ("3", true), ("11", true), ("40", false)] {
      #expect(try ProbeType(argument: name).isError(.v4) == isError)
    }
    for (name, isError) in [("redirect", true), ("127", true), ("128", false), ("133", false)] {
      #expect(try ProbeType(argument: name).isError(.v6) == isError)
    }
  }

  private func settled(_ words: String..., target: String = "192.0.2.1") throws -> PingOptions {
    var options = PingOptions()
    _ = try PingOptions.table.parse(words, into: &options)
    try options.settleType([target])
    return options
  }

  @Test("a type that can be asked is that question, and an echo request is none")
  func questions() throws {
    let echo = try settled("--type", "8")
    #expect(echo.header.type == nil && !echo.question.isAsked && !echo.needsRaw)
    #expect(try settled("--type", "128", target: "::1").header.type == nil)
    let time = try settled("--type", "timestamp", target: "host.test")
    #expect(time.question.asked == .timestamp && time.header.type == nil && time.family == .v4)
    #expect(try settled("--type", "17").question.asked == .addressMask)
    for word in ["15", "information", "information-request"] {
      let information = try settled("--type", word, target: "host.test")
      #expect(information.question.asked == .information && information.header.type == nil)
      #expect(information.needsRaw && information.family == .v4)
    }
    #expect(throws: UsageError.self) { try settled("--type", "15", "--mask") }
    #expect(try settled("--type", "13", "--timestamp").question.asked == .timestamp)
    let interface = try settled("--type", "160", "--probe-interface", "lo", target: "host.test")
    #expect(interface.header.type == nil && interface.family == .v6)
    #expect(try settled("--type", "139", "-N", "name", target: "::1").header.type == nil)
  }

  @Test("all others are sent, in the family in which they have a name")
  func others() throws {
    for (word, target, family) in [
      ("redirect", "host.test", nil), ("redirect", "::1", .v6), ("100", "host.test", nil),
      ("40", "host.test", .v4), ("13", "::1", .v6), ("17", "::1", .v6), ("137", "host.test", .v6),
      ("139", "192.0.2.1", .v4), ("8", "::1", .v6),
    ] as [(String, String, IPFamily?)] {
      let options = try settled("--type", word, target: target)
      #expect(options.isUnanswered && options.needsRaw && options.family == family, "\(word)")
      #expect(!options.question.isAsked)
    }
    #expect(try settled("-6", "--type", "40", target: "host.test").family == .v6)
  }

  @Test(
    "what needs answers does not go with them",
    arguments: [
      ["--sweep"], ["--need", "1"], ["-A"], ["-O"], ["--split"], ["--hardware-stamps"],
      ["--sizes", "1-9"],
      ["--flows", "2"], ["--mtu-search"], ["--diagnose"], ["-R"], ["-T", "tsonly"], ["--figures"],
      ["--outages"], ["--graph"], ["--csv"], ["--openmetrics", "f"], ["--live"],
    ])
  func contradictions(words: [String]) {
    var options = PingOptions()
    #expect(throws: Never.self) {
      _ = try PingOptions.table.parse(["--type", "40"] + words, into: &options)
    }
    #expect(throws: UsageError.self) { try options.settleType(["192.0.2.1"]) }
  }

  // MARK: What is told

  private static func text(_ type: String, _ target: IPAddress) throws -> PingText {
    var text = PingText(targets: pingTargets("x", target), payloadLength: 56, name: { _ in nil })
    text.style.unanswered = try ProbeType(argument: type)
    return text
  }

  private static func written(_ write: (inout TextBuffer) -> Void) -> String {
    var buffer = TextBuffer()
    write(&buffer)
    return buffer.string
  }

  @Test("the first lines")
  func start() throws {
    let v4 = try Self.text("router-solicitation", PingTextTests.target)
    #expect(
      Self.written(v4.start) == """
        PING x (192.0.2.9) 56(84) bytes of data.
        No answer is expected to ICMP type 10 (router solicitation); errors about it are told.
        """)
    let v6 = try Self.text("redirect", PingTextTests.target6)
    #expect(
      Self.written(v6.start) == """
        PING x(2001:db8::9) 56 data bytes
        No answer is expected to ICMPv6 type 137 (redirect), nor an error about it (RFC 4443 §2.4).
        """)
    #expect(
      Self.written(try Self.text("3", PingTextTests.target).start).hasSuffix(
        "type 3 (destination unreachable), nor an error about it (RFC 1122 §3.2.2)."))
    var both = try Self.text("redirect", PingTextTests.target)
    both.targets.append(Endpoint(PingTextTests.target6), typed: "y")
    #expect(
      Self.written(both.start).hasSuffix(
        "to ICMP type 5 (redirect) and ICMPv6 type 137 (redirect), nor an error about it (RFC 1122 §3.2.2, RFC 4443 §2.4)."
      ))
  }

  @Test("the last ones tell of no loss")
  func summary() throws {
    var summary = PingSummary()
    (summary.transmitted, summary.errors, summary.pipe) = (3, 2, 2)
    summary.elapsed = .seconds(2)
    let text = try Self.text("40", PingTextTests.target)
    #expect(
      Self.written { text.summary(summary, &$0) } == """

        --- x ping statistics ---
        3 packets transmitted, +2 errors, time 2000ms


        """)
    #expect(Self.written { text.status(summary, &$0) } == "3 packets, no answer is expected")
  }

  @Test("several targets have a row each, without columns for answers")
  func table() throws {
    var targets = pingTargets("x", PingTextTests.target)
    targets.append(Endpoint(PingTextTests.router), typed: "y")
    var text = PingText(targets: targets, payloadLength: 56, name: { _ in nil })
    text.style.unanswered = try ProbeType(argument: "40")
    let session = PingSession(
      PingSession.Configuration(targets: targets.targets, requests: EchoRequests()))
    #expect(
      Self.written { text.summary(session, &$0) } == """

        --- ping statistics of 2 targets ---
        0 packets transmitted
        target  sent  errors
        x          0       0
        y          0       0

        """)
  }

  @Test("events say the type, and that there are no answers")
  func events() throws {
    var events = PingEvents(
      targets: pingTargets("x", PingTextTests.target), payloadLength: 56)
    func start(_ events: PingEvents) -> String {
      Self.written { events.start(0, at: EventSamples.time, &$0) }
    }
    #expect(start(events).hasSuffix(#""type":8,"expects_answers":true}"#))
    events.question = .timestamp
    #expect(start(events).hasSuffix(#""type":13,"expects_answers":true}"#))
    events.unanswered = try ProbeType(argument: "40")
    #expect(start(events).hasSuffix(#""type":40,"expects_answers":false}"#))
    var summary = PingSummary()
    summary.transmitted = 4
    let line = Self.written { events.summary(0, summary, at: EventSamples.time, &$0) }
    #expect(line.contains(#""sent":4,"received":0,"lost":0,"#) && line.contains(#""loss":null"#))
  }

  @Test("the code is 0 if no error came")
  func exitCodes() throws {
    let options = try settled("--type", "40")
    var session = PingSession(
      PingSession.Configuration(
        targets: [PingTarget(PingTextTests.target)], requests: EchoRequests()))
    #expect(options.exitCode(session, targets: 1) == 1)
    session.summaries[0].transmitted = 1
    #expect(options.exitCode(session, targets: 1) == 0)
    session.summaries[0].errors = 1
    #expect(options.exitCode(session, targets: 1) == 1)
  }
}
