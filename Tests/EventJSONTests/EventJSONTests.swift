import EventJSON
import JSONTestSupport
import PacketTestSupport
import PacketText
import PacketWire
import Testing

private func event(_ name: String = "test", _ fields: (inout JSONObject) -> Void) -> String {
  var text = TextBuffer()
  text.appendEvent(name, fields)
  return text.string
}

/// The text of one value as it stands in an event.
private func json(_ value: some JSONValue) -> String {
  var text = TextBuffer()
  value.appendJSON(to: &text)
  return text.string
}

private func quoted(_ octets: [UInt8]) -> String {
  var text = TextBuffer()
  text.append(jsonString: octets.span)
  return text.string
}

@Suite("Events as JSON")
struct EventJSONTests {
  @Test func anEventBeginsWithSchemaAndName() {
    #expect(event("ping.reply") { _ in } == #"{"schema":"wirewalk/1","event":"ping.reply"}"#)
    #expect(
      event("ping.reply") {
        $0.field("sequence", UInt16(7))
        $0.field("from", IPAddress.v4(IPv4Address(192, 0, 2, 1)))
        $0.field("rtt_ns", Nanoseconds(1_234_567))
      }
        == #"{"schema":"wirewalk/1","event":"ping.reply","sequence":7,"from":"192.0.2.1","rtt_ns":1234567}"#
    )
  }

  @Test func eventsStandBehindEachOther() {
    var text = TextBuffer()
    text.append("before ")
    for name in ["a", "b"] {
      text.appendEvent(name) { $0.null("x") }
      text.newline()
    }
    #expect(
      text.string == """
        before {"schema":"wirewalk/1","event":"a","x":null}
        {"schema":"wirewalk/1","event":"b","x":null}

        """)
  }

  @Test func scalars() {
    #expect(json(0) == "0" && json(-5) == "-5" && json(Int64.min) == "-9223372036854775808")
    #expect(json(UInt64.max) == "18446744073709551615" && json(UInt8(255)) == "255")
    #expect(json(true) == "true" && json(false) == "false")
    #expect(json(0.1) == "0.1" && json(-2.0) == "-2.0")
    #expect(
      json(Double.nan) == "null" && json(-Double.infinity) == "null"
        && json(Double.infinity) == "null")
    #expect(json(Int?.none) == "null" && json(Int?.some(3)) == "3" && json(String?.none) == "null")
    #expect(
      json(Nanoseconds(-3)) == "-3"
        && json(WallInstant(nanoseconds: 1_700_000_000_123_456_789)) == "1700000000123456789")
    #expect(
      json(IPAddress.v6(.loopback)) == "\"::1\""
        && json(MACAddress.broadcast) == "\"ff:ff:ff:ff:ff:ff\"")
  }

  @Test("every octet, in every place of strings of any length", arguments: [1, 7, 8, 9, 20])
  func octets(length: Int) {
    for place in 0..<length {
      for octet in UInt8.min...UInt8.max {
        var octets = [UInt8](repeating: 0x61, count: length)
        octets[place] = octet
        let hex = String(octet, radix: 16)
        let shown =
          switch octet {
          case 0x22, 0x5c: "\\" + String(UnicodeScalar(octet))
          case 0x20..<0x7f: String(UnicodeScalar(octet))
          case 0x80...: "\u{fffd}"
          default: "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
          }
        let before = String(repeating: "a", count: place)
        let after = String(repeating: "a", count: length - place - 1)
        #expect(quoted(octets) == "\"\(before)\(shown)\(after)\"")
      }
    }
  }

  @Test(
    "every double is a JSON number that reads back",
    arguments: [0.0, -0.0, 1e16, 1e-5, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 123.456])
  func doubles(value: Double) throws {
    guard case .number(let text) = try StrictJSON(json(value)) else {
      Issue.record("no number")
      return
    }
    #expect(Double(text) == value)
  }

  @Test func nesting() throws {
    let payload: [UInt8] = [0x00, 0xff, 0x1a]
    let empty: [UInt8] = []
    let star = Array("*".utf8)
    let text = event("trace") { event in
      event.array("hops") { hops in
        hops.object { hop in
          hop.field("ttl", 1)
          hop.array("rtts_ns") { rtts in
            rtts.element(Nanoseconds(5))
            rtts.element(Int?.none)
          }
          hop.field("name", utf8: "r1".utf8.span)
        }
        hops.object { _ in }
        hops.array { _ in }
        hops.array { $0.element(true) }
        hops.element(utf8: star.span)
      }
      event.object("ip") { ip in
        ip.object("quoted") { _ in }
        ip.field("ttl", UInt8(64))
        ip.array("options") { _ in }
        ip.field("after", false)
      }
      event.field("payload", hex: payload.span)
      event.field("empty", hex: empty.span)
      event.field("loss_percent", fixedPoint: 33_333, places: 3)
    }
    #expect(
      text
        == #"{"schema":"wirewalk/1","event":"trace","hops":[{"ttl":1,"rtts_ns":[5,null],"name":"r1"},{},[],"#
        + #"[true],"*"],"ip":{"quoted":{},"ttl":64,"options":[],"after":false},"payload":"00ff1a","empty":"","#
        + #""loss_percent":33.333}"#)
    #expect(try StrictJSON(text)["ip"]?["after"] == .bool(false))
  }

  @Test(
    "strings",
    arguments: [
      ("", #""""#), ("abc/é東😀", #""abc/é東😀""#), (#"a"b\c"#, #""a\"b\\c""#),
      ("a\r\n\t\0\u{1b}\u{1f}", #""a\u000d\u000a\u0009\u0000\u001b\u001f""#),
      ("\u{7f}\u{85}\u{9b}", #""\u007f\u0085\u009b""#),
      ("\u{202e}\u{2066}\u{2069}\u{61c}\u{200f}", #""\u202e\u2066\u2069\u061c\u200f""#),
      ("\u{2028}\u{2029}", #""\u2028\u2029""#),
      ("\u{feff}\u{200b}\u{a0}", #""\ufeff\u200b\u00a0""#),
      ("\u{e0041}", #""\udb40\udc41""#), ("e\u{301}", "\"e\u{301}\""),
    ])
  func strings(text: String, expected: String) throws {
    #expect(json(text) == expected)
    #expect(try StrictJSON(expected) == .string(text))
  }

  @Test(
    "octets that are no UTF-8 become U+FFFD",
    arguments: [
      ("ff", "\"\u{fffd}\""), ("41 c3", "\"A\u{fffd}\""), ("c0 8a", "\"\u{fffd}\u{fffd}\""),
      ("ed a0 80 41", "\"\u{fffd}\u{fffd}\u{fffd}A\""), ("e2 82 ac ac", "\"€\u{fffd}\""),
    ])
  func malformed(octets: String, expected: String) { #expect(quoted(hex(octets)) == expected) }

  @Test(
    "random octets are strict JSON and mean what Swift's own repair means",
    arguments: 0..<4 as Range<UInt64>)
  func randomStrings(seed: UInt64) throws {
    var rng = SeededRNG(seed: seed)
    for _ in 0..<400 {
      let octets = (0..<Int.random(in: 0...20, using: &rng)).flatMap { _ in
        Bool.random(using: &rng)
          ? rng.bytes(count: 1)
          : Array(String(Unicode.Scalar(UInt32.random(in: 0...0x30ff, using: &rng)) ?? "x").utf8)
      }
      let text = quoted(octets)
      guard case .string(let read) = try StrictJSON(text) else {
        Issue.record("no string")
        return
      }
      // One U+FFFD stands for each octet here, and for each broken sequence there.
      let expected = String(decoding: octets, as: UTF8.self)
      #expect(withoutRepeats(read) == withoutRepeats(expected))
      #expect(!text.unicodeScalars.contains { !SafeText.isPrintable($0) })
    }
  }

  private func withoutRepeats(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.reduce(into: []) { scalars, scalar in
      if scalar != "\u{fffd}" || scalars.last != scalar { scalars.append(scalar) }
    }
  }
}

@Suite("The tests' own JSON reader")
struct StrictJSONTests {
  @Test(
    "refuses what is no JSON",
    arguments: [
      "", "{", "}", "[1,]", "[1 ]", "{\"a\":1,}", "{a:1}", "{\"a\"}", "01", "1.", ".5", "+1", "1e",
      "nan",
      "\"", "\"\n\"", #""\x""#, #""\u12""#, #""\u+123""#, #""\ud800""#, "tru", "1 2", "[,1]", "{,}",
    ])
  func refused(text: String) { #expect(throws: StrictJSON.Malformed.self) { try StrictJSON(text) } }

  @Test func reads() throws {
    #expect(
      try StrictJSON(#"{"a":[1,-2.5e+3,null],"b":"\u00e9\n"}"#)
        == .object([
          .init("a", .array([.number("1"), .number("-2.5e+3"), .null])), .init("b", .string("é\n")),
        ]))
  }
}
