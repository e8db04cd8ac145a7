import PacketFields
import PacketWire
import Testing

@Suite("what is no display filter")
struct DisplayFilterErrorTests {
  private func refusal(of expression: String) -> DisplayFilterError? {
    do throws(DisplayFilterError) {
      _ = try DisplayFilter(expression, PlainPattern.surroundings)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "what is wrong, and where",
    arguments: [
      ("ip.srcc == 1.2.3.4", "ip.srcc", "near it: 'ip.src'"),
      ("tcp and zzz", "zzz", "--fields help"),
      ("tcp.port == 70000", "70000", "65535"), ("ip.ttl == 256", "256", "255"),
      ("tcp.port == -5", "-5", "negative"), ("tcp.port == \"80\"", "\"80\"", "without quotes"),
      ("80 == tcp.port", "80", "a field or a function"), ("tcp.port = 80", "=", "'==' compares"),
      ("tcp.srcport == ip.src", "tcp.srcport == ip.src", "IPv4 address"),
      ("ip.src == 1.2.3", "1.2.3", "192.0.2.0/24"), ("ip.src == 1.2.3.4/33", "1.2.3.4/33", "IPv4"),
      ("ipv6.src == 1.2.3.4", "1.2.3.4", "IPv6"), ("eth.src == 00:11", "00:11", "six octets"),
      ("frame.len contains 1", "frame.len", "string()"), ("ip.src + 1 == 2", "+", "cannot be done"),
      ("tcp.port in 80", "80", "opens a set"), ("tcp.port in {80 81}", "81", "commas"),
      ("http.host matches www", "www", "double quotes"),
      ("http.host matches \"(\"", "\"(\"", "not closed"),
      ("http.host == \"a", "\"a", "closing quote"), ("http.host == \"\\q\"", "\\q", "escape"),
      ("tcp.port == 'ab'", "'ab'", "one character"), ("len(tcp)", "len(tcp)", "compared"),
      ("len(tcp.port) == 2", "tcp.port", "text"), ("lower(ip.src) == 1", "ip.src", "text"),
      ("nosuch(tcp) == 1", "nosuch", "there are: len"), ("max() == 1", "max", "needs a field"),
      ("(tcp.port) == 80", "==", "{braces}"), ("all tcp", "", "belong to a comparison"),
      ("tcp.analysis.retransmission == 1", "tcp.analysis.retransmission", "name alone"),
      ("eth.src[0:0] == 00", "[0:0]", "[first:length]"), ("ip.src#x", "#", "ip.src#1"),
      ("tcp.port[0] == 1", "[0]", "octets"), ("(tcp", "", "')' is missing"),
      ("tcp and", "", "too early"), ("", "", "too early"), ("tcp udp", "udp", "'and' or 'or'"),
      ("frame.time > 5", "5", "UTC"),
      ("frame.time_relative > 0.1234567891", "0.1234567891", "nine"),
      ("tcp.port == {1 + 2}", "1 + 2", "write the result"),
      ("tcp.payload == xyz", "xyz", "47:45:54"),
    ])
  func wrong(_ expression: String, _ marked: String, _ words: String) throws {
    let error = try #require(refusal(of: expression), "\(expression)")
    #expect(error.message.contains(words), "\(expression): \(error.message)")
    let octets = Array(expression.utf8)
    #expect(String(decoding: octets[error.range], as: UTF8.self) == marked, "\(expression)")
  }

  @Test("without surroundings there are no regular expressions, and times are of UTC")
  func alone() throws {
    let bare = DisplayFilter.Surroundings()
    let error = #expect(throws: DisplayFilterError.self) {
      try DisplayFilter("tcp and http.host matches \"^www\"")
    }
    #expect(error?.range == 26..<32)
    #expect(error.map { "\($0)" } == "no regular expression: this program reads none")
    // PlainPattern's are two hours ahead.
    let packet = FieldPacket(
      number: 1, time: WallInstant(nanoseconds: 1_700_000_000_000_000_000), originalLength: 0)
    let frame = Frame(decoding: [UInt8]().span, linkType: .ethernet)
    for (surroundings, time) in [
      (bare, "2023-11-14 22:13:20"), (PlainPattern.surroundings, "2023-11-15 00:13:20"),
    ] {
      let filter = try DisplayFilter("frame.time == \"\(time)\"", surroundings)
      var printer = FieldPrinter([], where: filter)
      let passes = printer.read(packet, frame, [UInt8]().span)
      #expect(passes, "\(time)")
    }
  }

  @Test("the mark stands below what is wrong")
  func mark() throws {
    let text = "tcp.port == 70000 and ip"
    let lines = try #require(refusal(of: text)).marked(in: text)
    #expect(lines == ["  tcp.port == 70000 and ip", "              ^~~~~"])
    // A control character takes the room of its escape, and commands nothing.
    let hostile = "\u{1b} "
    #expect(try #require(refusal(of: hostile)).marked(in: hostile) == ["  \\x1b ", "  ^~~~"])
    let long = String(repeating: "tcp or ", count: 100) + "zzz"
    let shown = try #require(refusal(of: long)).marked(in: long)
    #expect(shown[0].hasPrefix("  ...") && shown[0].hasSuffix("or zzz"))
    #expect(shown[1].hasSuffix(" ^~~") && shown[0].count == shown[1].count)
  }

  @Test("no expression takes more than its share of the stack")
  func depth() {
    func repeated(_ text: String, _ count: Int = 10_000) -> String {
      String(repeating: text, count: count)
    }
    #expect(refusal(of: repeated("(") + "tcp" + repeated(")")) != nil)
    #expect(refusal(of: repeated("not ") + "tcp") != nil)
    #expect(refusal(of: "tcp.len == " + repeated("-") + "tcp.len") != nil)
    #expect(refusal(of: "tcp.len == " + repeated("{")) != nil)
    #expect(refusal(of: "tcp.len" + repeated(" + tcp.len", 6_000) + " == 1") != nil)
    #expect(refusal(of: "eth.src" + repeated("[0:1]") + " == 00") != nil)
    #expect(refusal(of: repeated("len(") + "tcp") != nil)
    #expect(refusal(of: repeated("tcp ", 100_000)) != nil)
    // These are long, and not deep.
    #expect(refusal(of: repeated("tcp or ", 9_000) + "tcp") == nil)
    #expect(refusal(of: "tcp.port in {1" + repeated(",2", 9_000) + "}") == nil)
  }

  @Test("every field can be asked for, and compared with what is of its type")
  func everyField() {
    for field in PacketField.all {
      #expect(refusal(of: field.name) == nil, "\(field.name)")
      let literal =
        switch field.type {
        case .boolean, .unsigned, .frameNumber, .relativeTime: "1"
        case .ipv4: "192.0.2.1"
        case .ipv6: "2001:db8::1"
        case .ether: "00:00:5e:00:53:01"
        case .absoluteTime: "\"2026-11-22\""
        case .string: "\"a\""
        case .bytes, .protocol: "00:01"
        case .label: ""
        }
      #expect(
        (refusal(of: "\(field.name) == \(literal)") == nil) == (field.type != .label),
        "\(field.name)")
    }
  }
}
