import PacketTestSupport
import PacketWire
import Testing

@testable import PacketText

private let blockSize = TextBuffer.blockSize

/// What `fill` leaves in a fresh buffer, and once more in one whose block is full to the last octets,
/// so that every writer is seen to cross from block to array.
private func text(_ fill: (inout TextBuffer) -> Void) -> String {
  var buffer = TextBuffer()
  fill(&buffer)
  let plain = buffer.string
  for filled in [40, 16, 12, 8, 3, 1, 0, -518].map({ blockSize - $0 }) {
    var crossing = TextBuffer(capacity: 1)
    crossing.append(repeating: 0x2a, count: filled)
    fill(&crossing)
    let expected = String(repeating: "*", count: filled) + plain
    #expect(crossing.string == expected)
    #expect(crossing.count == expected.utf8.count)
  }
  return plain
}

@Suite("TextBuffer")
struct TextBufferTests {
  @Test(
    "text of every length is kept as it is",
    arguments: [0, 1, 15, 16, blockSize - 1, blockSize, blockSize + 1, 2 * blockSize, 5000])
  func everyLength(length: Int) {
    let octets = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 256) }
    for before in [0, 1, 300, blockSize] {
      var buffer = TextBuffer(capacity: 1)
      let prefix = [UInt8](repeating: 0x41, count: before)
      buffer.append(prefix.span)
      buffer.append(octets.span)
      #expect(buffer.octets == prefix + octets)
      #expect(buffer.count == before + length)
      #expect(buffer.isEmpty == (before + length == 0))
      let lent = buffer.withSpan { span in span.indices.map { span[$0] } }
      #expect(lent == prefix + octets)
      buffer.append(octet: 0xff)
      #expect(buffer.octets == prefix + octets + [0xff])
    }
  }

  @Test(
    "octets written in place stand behind those before them, however few of the room are written",
    arguments: [0, 1, 300, blockSize, blockSize + 1500])
  func inPlace(before: Int) {
    var buffer = TextBuffer(capacity: 1)
    let prefix = [UInt8](repeating: 0x41, count: before)
    buffer.append(prefix.span)
    buffer.append(upTo: 3) {
      $0.append(0x78)
      $0.append(0x79)
    }
    buffer.append(upTo: 700) { $0.append(repeating: 0x7a, count: 700) }
    buffer.append("!")
    #expect(buffer.octets == prefix + [0x78, 0x79] + [UInt8](repeating: 0x7a, count: 700) + [0x21])
    #expect(buffer.count == before + 703)
  }

  @Test func stringsKeepTheirUTF8() {
    #expect(text { $0.append("") } == "")
    #expect(text { $0.append("id 7, µs … ✓") } == "id 7, µs … ✓")
    #expect(text { $0.newline() } == "\n")
    #expect(text { $0.append(String(repeating: "long é ", count: 200)) }.utf8.count == 1600)
  }

  @Test(
    "an octet over and over, however much room there is",
    arguments: [0, 1, 40, blockSize - 1, blockSize, blockSize + 1, 2 * blockSize + 1, 5000])
  func repeating(count: Int) {
    #expect(
      text {
        $0.append(repeating: 0x2d, count: count)
        $0.append(repeating: 0x2e, count: -count - 1)
      } == String(repeating: "-", count: count))
  }

  @Test func removingAll() {
    var buffer = TextBuffer()
    buffer.append(repeating: 0x61, count: 1000)
    buffer.removeAll()
    #expect(buffer.isEmpty && buffer.count == 0 && buffer.octets == [])
    buffer.append("b")
    #expect(buffer.string == "b")
    buffer.removeAll(keepingCapacity: false)
    #expect(buffer.isEmpty && buffer.string == "")
  }

  @Test(
    "truncation, in the block and behind it",
    arguments: [0, 1, blockSize - 1, blockSize, blockSize + 1, blockSize + 87, blockSize + 188])
  func truncation(length: Int) {
    let octets = (0..<blockSize + 88).map { UInt8(truncatingIfNeeded: $0) }
    for settledFirst in [false, true] {
      var buffer = TextBuffer()
      for octet in octets { buffer.append(octet: octet) }
      if settledFirst { buffer.withSpan { _ in } }
      buffer.truncate(to: length)
      #expect(buffer.octets == Array(octets.prefix(length)))
      buffer.append(octet: 0xaa)
      #expect(buffer.octets == Array(octets.prefix(length)) + [0xaa])
    }
  }

  @Test(
    "padding counts from a mark and never cuts",
    arguments: [(5, "ab   ", "   ab"), (2, "ab", "ab"), (1, "ab", "ab"), (3, "ab ", " ab")])
  func padding(width: Int, left: String, right: String) {
    #expect(
      text {
        let start = $0.count
        $0.append("ab")
        $0.padRight(from: start, to: width)
      } == left)
    #expect(
      text {
        let start = $0.count
        $0.append("ab")
        $0.padLeft(from: start, to: width)
      } == right)
    #expect(
      text {
        $0.append("xyz")
        let start = $0.count
        $0.append("abcdefg")
        $0.padLeft(from: start, to: 9)
        $0.append("|")
      } == "xyz  abcdefg|")
  }
}

@Suite("Numbers in a TextBuffer")
struct TextBufferNumberTests {
  @Test("decimal, at every change of length")
  func decimalBoundaries() {
    var power: UInt128 = 1
    for _ in 0..<38 {
      for value in [power - 1, power, power + 1] {
        #expect(text { $0.append(decimal: value) } == String(value))
        if let small = UInt64(exactly: value) {
          #expect(text { $0.append(decimal: small) } == String(value))
        }
        if let signed = Int64(exactly: value) {
          #expect(text { $0.append(decimal: -signed) } == String(-signed))
        }
      }
      power *= 10
    }
  }

  @Test func decimalExtremes() {
    #expect(text { $0.append(decimal: UInt8.max) } == "255")
    #expect(text { $0.append(decimal: Int8.min) } == "-128")
    #expect(text { $0.append(decimal: Int16.min) } == "-32768")
    #expect(text { $0.append(decimal: UInt32.max) } == "4294967295")
    #expect(text { $0.append(decimal: UInt64(UInt32.max) + 1) } == "4294967296")
    #expect(text { $0.append(decimal: Int64.min) } == "-9223372036854775808")
    #expect(text { $0.append(decimal: Int.max) } == "9223372036854775807")
    #expect(text { $0.append(decimal: UInt64.max) } == "18446744073709551615")
    #expect(text { $0.append(decimal: Int128.min) } == String(Int128.min))
    #expect(text { $0.append(decimal: UInt128.max) } == String(UInt128.max))
  }

  @Test("random numbers are the library's", arguments: 0..<3 as Range<UInt64>)
  func randomNumbers(seed: UInt64) {
    var rng = SeededRNG(seed: seed)
    for _ in 0..<2000 {
      let value = rng.next() >> UInt64.random(in: 0...63, using: &rng)
      var buffer = TextBuffer()
      buffer.append(decimal: value)
      #expect(buffer.string == String(value))
      buffer.removeAll()
      buffer.append(hex: value, digits: 1)
      #expect(buffer.string == String(value, radix: 16))
    }
  }

  @Test func hexadecimal() {
    #expect(text { $0.append(hex: UInt8(0)) } == "00")
    #expect(text { $0.append(hex: UInt8(0xaf)) } == "af")
    #expect(text { $0.append(hex: UInt16(0x9)) } == "0009")
    #expect(text { $0.append(hex: UInt32(0x1234_abcd)) } == "1234abcd")
    #expect(text { $0.append(hex: UInt64.max) } == "ffffffffffffffff")
    #expect(text { $0.append(hex: UInt128(1) << 127) } == "8" + String(repeating: "0", count: 31))
    #expect(text { $0.append(hex: UInt16(0x12), digits: 1) } == "12")
    #expect(text { $0.append(hex: UInt16(0x12), digits: 3) } == "012")
    #expect(text { $0.append(hex: UInt16(0), digits: 0) } == "0")
    #expect(
      text { $0.append(hex: UInt8(0xfe), digits: 70) } == String(repeating: "0", count: 68) + "fe")
  }

  @Test(
    "fixed point",
    arguments: [
      (1234, 3, "1.234"), (0, 3, "0.000"), (-5, 3, "-0.005"), (-1234, 0, "-1234"), (70, 1, "7.0"),
      (9_000_000_000_000_000_001, 18, "9.000000000000000001"),
      (1_000_000_002_000_000_003, 10, "100000000.2000000003"),
      (.min, 9, "-9223372036.854775808"),
    ] as [(Int64, Int, String)])
  func fixedPoint(value: Int64, places: Int, expected: String) {
    #expect(text { $0.append(fixedPoint: value, places: places) } == expected)
  }

  @Test(
    "times",
    arguments: [
      (1_234_567, .milliseconds, 3, "1.235", "1.234"),
      (1_234_499, .milliseconds, 3, "1.234", "1.234"),
      (1_234_567, .milliseconds, 6, "1.234567", "1.234567"),
      (1_234_567, .milliseconds, 9, "1.234567000", "1.234567000"),
      (1_234_567, .milliseconds, 0, "1", "1"),
      (1_500_000, .milliseconds, 0, "2", "1"),
      (59_999_999_999, .seconds, 6, "60.000000", "59.999999"),
      (999_999, .seconds, 3, "0.001", "0.000"),
      (1_234, .microseconds, 1, "1.2", "1.2"),
      (1_234, .microseconds, 4, "1.2340", "1.2340"),
      (7, .microseconds, 0, "0", "0"),
      (-1_500, .microseconds, 0, "-2", "-1"),
      (-1_499, .microseconds, 0, "-1", "-1"),
      (-400, .microseconds, 0, "0", "0"),
      (-1, .milliseconds, 3, "0.000", "0.000"),
      (.max, .seconds, 9, "9223372036.854775807", "9223372036.854775807"),
      (.min, .seconds, 0, "-9223372037", "-9223372036"),
      (.min, .seconds, 9, "-9223372036.854775808", "-9223372036.854775808"),
    ] as [(Int64, TimeUnit, Int, String, String)])
  func times(count: Int64, unit: TimeUnit, decimals: Int, nearest: String, cut: String) {
    let time = Nanoseconds(count)
    #expect(text { $0.append(time, in: unit, decimals: decimals) } == nearest)
    #expect(
      text { $0.append(time, in: unit, decimals: decimals, rounding: .towardZero) } == cut)
  }
}

@Suite("Addresses in a TextBuffer are their descriptions")
struct TextBufferAddressTests {
  @Test func samples() throws {
    #expect(text { $0.append(IPv4Address(198, 51, 100, 7)) } == "198.51.100.7")
    #expect(text { $0.append(IPAddress.v4(IPv4Address(255, 255, 255, 255))) } == "255.255.255.255")
    #expect(text { $0.append(MACAddress(bits: 0x0a00_5e10_00ff)) } == "0a:00:5e:10:00:ff")
    for sample in [
      "::", "::1", "1::", "2001:db8::1", "1:2:3:4:5:6:7:8", "2001:db8:0:1:1:1:1:1",
      "2001:0:0:1::1", "::ffff:192.0.2.1", "64:ff9b::c000:221", "1:2:3:4:5:6::", "::3:4:5:6:7:8",
    ] {
      let address = try #require(IPv6Address(sample))
      #expect(text { $0.append(IPAddress.v6(address)) } == sample)
    }
  }

  @Test("every number, in every place of an IPv4 address", arguments: 0..<4)
  func numbers(place: Int) {
    for number in UInt8.min...UInt8.max {
      var numbers = [UInt8](repeating: 0x64, count: 4)
      numbers[place] = number
      let address = IPv4Address(numbers[0], numbers[1], numbers[2], numbers[3])
      #expect(text { $0.append(address) } == numbers.map { "\($0)" }.joined(separator: "."))
    }
  }

  @Test("random addresses", arguments: 0..<3 as Range<UInt64>)
  func randomAddresses(seed: UInt64) {
    var rng = SeededRNG(seed: seed)
    var buffer = TextBuffer()
    for _ in 0..<500 {
      let six = (0..<8).reduce(UInt128(0)) { bits, _ in
        bits << 16 | (Bool.random(using: &rng) ? 0 : .random(in: 0...0xffff, using: &rng))
      }
      let bits = rng.next()
      buffer.removeAll()
      buffer.append(IPv6Address(bits: six))
      buffer.newline()
      buffer.append(IPv4Address(bits: UInt32(truncatingIfNeeded: bits)))
      buffer.newline()
      buffer.append(MACAddress(bits: bits))
      #expect(
        buffer.string == """
          \(IPv6Address(bits: six))
          \(IPv4Address(bits: UInt32(truncatingIfNeeded: bits)))
          \(MACAddress(bits: bits))
          """)
    }
  }
}
