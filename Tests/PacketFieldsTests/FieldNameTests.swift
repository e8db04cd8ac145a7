import PacketFields
import Testing

@Suite("names of fields")
struct FieldNameTests {
  @Test("every field has a name of its own and a meaning of one line")
  func names() {
    #expect(Set(PacketField.all.map { $0.name }).count == PacketField.all.count)
    for field in PacketField.all {
      #expect(field.name.contains("."))
      #expect((1...72).contains(field.meaning.utf8.count), "\(field.name): \(field.meaning)")
      #expect(PacketField.named(field.name)?.meaning == field.meaning)
    }
  }

  @Test(
    "who mistypes a name is told a near one",
    arguments: [
      ("ip.scr", "ip.src"), ("tcp.prt", "tcp.port"), ("dns.qry", "dns.qry.name"),
      ("IP.TTL", ""), ("zzz", ""), ("", ""), ("udp.len", "ip.len"), ("tcp.nothing", ""),
      ("tcp.window_siz", "tcp.window_size"),
    ])
  func near(_ name: String, _ expected: String) {
    let near = PacketField.near(name)
    #expect(near.first?.name ?? "" == expected)
    #expect(near.count <= 3)
  }

  @Test("a name of any length is compared")
  func long() { #expect(PacketField.near(String(repeating: "x", count: 100_000)).isEmpty) }

  @Test("what only later packets tell is said by a field of theirs")
  func later() {
    for (name, other) in [
      ("dns.response_in", "dns.response_to"), ("http.response_in", "http.request_in"),
      ("http.next_request_in", "http.prev_request_in"),
      ("http.next_response_in", "http.prev_response_in"),
    ] {
      #expect(PacketField.named(name) == nil && PacketField.named(other) != nil)
      #expect(
        PacketField.advice(on: name) == "only later packets tell, and '\(other)' stands in those")
    }
    #expect(PacketField.advice(on: "ip.sroc").hasPrefix("near it: 'ip.src'"))
    #expect(PacketField.advice(on: "zzzzzzzzz") == "sniff-swift --fields help lists them all")
  }
}
