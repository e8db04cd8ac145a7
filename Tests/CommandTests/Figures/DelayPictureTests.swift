import PacketText
import PacketWire
import ProbeEngine
import TerminalText
import Testing

@testable import PingCommand

@Suite("Pictures of delays")
struct DelayPictureTests {
  private func picture(_ columns: Int = 40, isASCII: Bool = false) -> DelayPicture {
    DelayPicture(columns: columns, isASCII: isASCII)
  }

  private func histogram(_ counts: [(microseconds: Int64, count: Int)]) -> DelayHistogram {
    var histogram = DelayHistogram()
    for (microseconds, count) in counts {
      for _ in 0..<count { histogram.add(Nanoseconds(microseconds * 1_000)) }
    }
    return histogram
  }

  @Test func sparklines() {
    var recent = RecentDelays(limit: 64)
    #expect(written { picture().sparkline(recent, &$0) }.isEmpty)
    for number in 0...8 as ClosedRange<UInt64> {
      recent.set(number + 1, to: .answered(.milliseconds(10 + Int64(number))))
    }
    recent.set(10, to: .lost)
    recent.set(12, to: .answered(.milliseconds(10)))
    #expect(written { picture().sparkline(recent, &$0) } == "▁▂▃▄▅▆▇██×·▁")
    #expect(written { picture(isASCII: true).sparkline(recent, &$0) } == ".:-=+*%##x_.")
    recent.set(60, to: .lost)
    #expect(
      written { picture(20).sparkline(recent, &$0) } == String(repeating: "·", count: 39) + "×")
    let coloured = DelayPicture(columns: 40, isASCII: true, style: .coloured)
    #expect(written { coloured.sparkline(recent, &$0) }.hasSuffix("_\u{1b}[1;31mx\u{1b}[0m"))
  }

  @Test func sameDelaysAreLow() {
    var recent = RecentDelays(limit: 8)
    for number in 1...3 as ClosedRange<UInt64> {
      recent.set(number, to: .answered(.milliseconds(7)))
    }
    #expect(written { picture().sparkline(recent, &$0) } == "▁▁▁")
  }

  @Test func boxes() {
    let delays = histogram([(10_000, 1), (12_000, 1), (14_000, 1), (20_000, 1), (49_000, 1)])
    #expect(
      written { picture().box(delays, &$0) } == """
        ├─▒▒┃▒▒▒▒▒▒────────────────────────────┤
        min 10.0  p25 12.0  p50 14.0  p75 20.0  max 49.0 ms

        """)
    #expect(
      written { picture(isASCII: true).box(delays, &$0) }
        .hasPrefix("|-==M======----------------------------|\n"))
    #expect(written { picture().box(DelayHistogram(), &$0) }.isEmpty)
    #expect(
      written { picture(isASCII: true).box(histogram([(10_000, 3)]), &$0) }
        == "M\nmin 10.0  p25 10.0  p50 10.0  p75 10.0  max 10.0 ms\n")
  }

  @Test func histograms() {
    let delays = histogram([(10_100, 60), (10_900, 15), (12_100, 22), (90_000, 3)])
    #expect(
      written { picture().histogram(delays, rows: 6, &$0) } == """
        10.0 to 10.5 ms  ████████████████████ 60
        10.5 to 11.0 ms  █████ 15
        11.0 to 11.5 ms   0
        11.5 to 12.0 ms   0
        12.0 to 12.5 ms  ███████▍ 22
        12.5 ms or more  █ 3

        """)
    #expect(
      written { picture(isASCII: true).histogram(delays, rows: 6, &$0) } == """
        10.0 to 10.5 ms  #################### 60
        10.5 to 11.0 ms  ##### 15
        11.0 to 11.5 ms   0
        11.5 to 12.0 ms   0
        12.0 to 12.5 ms  ####### 22
        12.5 ms or more  # 3

        """)
    #expect(written { picture().histogram(DelayHistogram(), &$0) }.isEmpty)
  }

  @Test("rows and counts", arguments: [2, 3, 5, 12, 100])
  func rows(limit: Int) {
    for delays in [
      histogram([(0, 1)]), histogram([(1, 1), (2, 1)]), histogram([(20_000, 5), (20_010, 9)]),
      histogram([(1, 1_000), (9_000_000, 1)]), histogram((1...300).map { ($0 * 997, 1) }),
      histogram([(9_990, 1), (19_990, 1)]), histogram([(20_000_000_000, 1), (1, 1)]),
    ] {
      let lines = written { picture().histogram(delays, rows: limit, &$0) }.split(separator: "\n")
      #expect((1...limit + 2).contains(lines.count))
      let counts = lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
      #expect(counts.reduce(0, +) == delays.count && counts.count == lines.count)
      #expect(lines.allSatisfy { DisplayWidth.columns(of: String($0)) <= 44 })
      // No two rows look the same.
      let labels = lines.map { $0.split(separator: "m")[0] }
      #expect(Set(labels).count == labels.count)
    }
  }
}

@Suite("Maps of damaged payloads")
struct PayloadMapTests {
  private static let sent = (0..<48).map { UInt8($0) }

  private func sentence(_ change: (inout [UInt8]) -> Void) -> String {
    var seen = Self.sent
    change(&seen)
    return written { text in
      PayloadMap().sentence(PayloadDamage(expected: Self.sent.span, seen: seen.span), &text)
    }
  }

  @Test func sentences() {
    #expect(sentence { _ in }.isEmpty)
    #expect(
      sentence { $0[16] ^= 0x80 } == "payload damaged: 1 octet changed (1 bit) at offset 16")
    #expect(
      sentence {
        $0[16] ^= 0x80
        $0[40] ^= 0x03
      } == "payload damaged: 2 octets changed (3 bits), from offset 16 to 40")
    #expect(
      sentence {
        $0[16] ^= 0x08
        $0[40] ^= 0x08
        $0.removeLast()
      }
        == "payload damaged: 2 octets changed (2 bits), from offset 16 to 40, always the bit of value"
        + " 0x08; 1 octet missing at the end")
    #expect(sentence { $0 += [1, 2] } == "payload damaged: 2 octets too many at the end")
  }

  @Test func maps() {
    var seen = Self.sent
    seen[20] ^= 0x80
    seen.removeLast()
    #expect(
      written { text in PayloadMap().map(expected: Self.sent.span, seen: seen.span, &text) } == """
        0010  sent  10 11 12 13 14 15 16 17  18 19 1a 1b 1c 1d 1e 1f
              came  .. .. .. .. 94 .. .. ..  .. .. .. .. .. .. .. ..
              bits              80
        0020  sent  20 21 22 23 24 25 26 27  28 29 2a 2b 2c 2d 2e 2f
              came  .. .. .. .. .. .. .. ..  .. .. .. .. .. .. .. --
              bits

        """)
    let long = Self.sent + [0xaa]
    #expect(
      written { text in PayloadMap().map(expected: Self.sent.span, seen: long.span, &text) } == """
        0030  sent  --
              came  aa
              bits

        """)
    #expect(
      written { text in PayloadMap().map(expected: Self.sent.span, seen: Self.sent.span, &text) }
        .isEmpty)
  }

  @Test func mapsAreBounded() {
    let other = Self.sent.map { ~$0 }
    let map = written { text in
      PayloadMap(rowLimit: 1).map(expected: Self.sent.span, seen: other.span, &text)
    }
    #expect(map.hasSuffix("ff ff\n2 more rows with differences\n"))
    #expect(map.split(separator: "\n").count == 4)
  }
}
