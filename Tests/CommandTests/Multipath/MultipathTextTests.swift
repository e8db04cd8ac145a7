import PacketText
import PacketWire
import Testing

@testable import ProbeEngine
@testable import TracerouteCommand

@Suite("Ways to a target as text")
struct MultipathTextTests {
  private func text(
    _ graph: MultipathGraph, name: @escaping (IPAddress) -> String? = { _ in nil }
  ) -> [String] {
    var buffer = TextBuffer()
    MultipathText(host: "www.example.test", target: MultipathSamples.target, name: name)
      .graph(graph, MultipathConfiguration(), &buffer)
    return buffer.string.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
  }

  private func dot(_ graph: MultipathGraph, name: @escaping (IPAddress) -> String?) -> String {
    var buffer = TextBuffer()
    MultipathDot(host: "www.example.test", target: MultipathSamples.target, name: name)
      .graph(graph, &buffer)
    return buffer.string
  }

  @Test("a diamond, line for line")
  func diamond() {
    #expect(
      text(MultipathSamples.graph(MultipathSamples.diamond)) == [
        "1   198.18.1.1       1.000 ms  -> 2a-2c  by flow",
        "2a  198.18.2.1       2.000 ms  -> 3", "2b  198.18.2.2       2.000 ms  -> 3",
        "2c  *                          -> 3  (8 of 8 lost)",
        "3   198.18.3.1       3.000 ms  -> 4", "4   203.0.113.80     4.000 ms  the target", "",
        "diamond 1 to 3: 3 wide, 2 hops long, balanced by flow (not tested for more)",
        "way 1 2a 3 4: flows 0, 3, 6, 9 and 3 more", "way 1 2b 3 4: flows 1, 4, 7, 10 and 3 more",
        "way 1 2c 3 4: flows 2, 5",
        "3 ways, 47 probes; a way behind a router is missed at most 5.00 % of the time", "",
      ])
  }

  @Test("ways of different lengths, line for line")
  func lengths() {
    #expect(
      text(MultipathSamples.graph(MultipathSamples.refusal)) == [
        "1   198.18.1.1       1.000 ms  -> 2a  2b  by flow",
        "2a  198.18.2.1       2.000 ms  -> 3a", "2b  198.18.3.1       2.000 ms  -> 3b",
        "3a  198.18.3.1       3.000 ms  -> 4  (the same as 2b)",
        "3b  203.0.113.80     3.000 ms  the target",
        "4   203.0.113.80     4.000 ms  (the same as 3b)  the target", "",
        "diamond 1 to 4: 2 wide, 3 hops long, balanced by flow (not tested for more),",
        "  ways of different lengths", "way 1 2a 3a 4: flows 0, 2, 4, 6 and 2 more",
        "way 1 2b 3b: flows 1, 3, 5",
        "2 ways, 22 probes; a way behind a router is missed at most 5.00 % of the time", "",
      ])
  }

  @Test("no line is longer than the screen, unless a name is")
  func width() {
    let wide: MultipathSamples.Network = { flow, timeToLive in
      switch timeToLive {
      case 1: (IPv4Address(198, 18, 1, 1), false)
      // Of two rows of eight every second is joined to every second.
      case 2: (IPv4Address(198, 18, 2, UInt8(flow % 8)), false)
      case 3: (IPv4Address(198, 18, 3, UInt8(flow % 8 % 2 + flow / 8 % 4 * 2)), false)
      case 4: (IPv4Address(198, 18, 4, 1), false)
      default: (IPv4Address(203, 0, 113, 80), true)
      }
    }
    let graph = MultipathSamples.graph(wide)
    #expect(graph.diamonds.map(\.width) == [8])
    #expect(graph.diamonds.map(\.isMeshed) == [true])
    let lines = text(graph) { "\($0)".hasSuffix("1") ? "a-router-of-some-provider.test" : nil }
    #expect(lines.contains { $0.count > 70 })
    for line in lines { #expect(line.count <= 80, "\(line)") }
  }

  @Test("what cut it short is said")
  func limits() {
    let graph = MultipathSamples.graph(MultipathSamples.diamond) { $0.maximumProbes = 20 }
    #expect(text(graph).contains("not complete: all probes that were allowed are used up"))
  }

  @Test("names from the network stay text, on the screen and for Graphviz")
  func hostileNames() {
    let graph = MultipathSamples.graph(MultipathSamples.diamond)
    let name = "a\"];b\\c\u{1b}[1m\n"
    for line in text(graph, name: { _ in name }) {
      #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }
    let drawing = dot(graph) { _ in name }
    #expect(drawing.contains(#"n0 [label="1\na\"];b\\\\c\\x1b[1m\\x0a\n198.18.1.1\n1.000 ms"];"#))
    #expect(drawing.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
  }

  @Test("a drawing, line for line")
  func drawing() {
    let lines = dot(MultipathSamples.graph(MultipathSamples.diamond)) { _ in nil }
      .split(separator: "\n")
    #expect(lines.first == "digraph multipath {" && lines.last == "}")
    for line in [
      #"  label="ways to www.example.test (203.0.113.80), 47 probes";"#,
      #"  n3 [label="2\n*", style=dashed];"#, "  { rank=same; n1; n2; n3; }",
      #"  n5 [label="4\n203.0.113.80\n4.000 ms", peripheries=2];"#, #"  n0 -> n1 [label="7"];"#,
    ] {
      #expect(lines.contains(Substring(line)), "\(line)")
    }
  }
}
