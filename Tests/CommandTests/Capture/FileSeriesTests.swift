import LinuxSystem
import LiveCapture
import PacketWire
import Testing

@testable import SniffCommand

@Suite("Files that follow each other")
struct FileSeriesTests {
  private static let start = WallInstant(nanoseconds: 1_700_000_000_500_000_000)

  private func series(size: Int?, count: Int?, period: Int?, _ name: String = "x") -> FileSeries {
    FileSeries(name, fileSize: size, fileCount: count, period: period, start: Self.start)
  }

  private func later(_ seconds: Double) -> WallInstant {
    WallInstant(nanoseconds: Self.start.nanoseconds + Int64(seconds * 1e9))
  }

  @Test(
    "names are numbered as tcpdump numbers them",
    arguments: [
      (nil, ["x", "x1", "x2", "x3"]), (1, ["x", "x", "x", "x"]), (2, ["x0", "x1", "x0", "x1"]),
      (3, ["x0", "x1", "x2", "x0"]), (11, ["x00", "x01", "x02", "x03"]),
    ] as [(Int?, [String])])
  func names(count: Int?, expected: [String]) {
    var series = series(size: 100, count: count, period: nil)
    var names = [series.name(of: series.place)]
    while names.count < 4 {
      #expect(series.step(length: 101, at: Self.start) == .next)
      names.append(series.name(of: series.place))
    }
    #expect(names == expected)
  }

  @Test("a file of exactly the limit is not full", arguments: [(100, true), (101, false)])
  func limit(length: Int, stays: Bool) {
    var series = series(size: 100, count: nil, period: nil)
    #expect(series.step(length: length, at: later(1_000)) == (stays ? .stay : .next))
  }

  @Test("periods are counted in whole seconds, and the last file ends the series")
  func periods() {
    var series = series(size: nil, count: 2, period: 2)
    #expect(series.end == nil)
    // Half a second after a whole one: two whole seconds later is 1.5 seconds away.
    #expect(series.step(length: 1_000_000, at: later(1.4)) == .stay)
    #expect(series.step(length: 0, at: later(1.5)) == .next)
    #expect(series.place == FileSeries.Place(number: 0, start: later(1.5)))
    #expect(series.end == later(3.5))
    #expect(series.step(length: 0, at: later(3.4)) == .stay)
    #expect(series.step(length: 0, at: later(3.5)) == .end)
  }

  @Test("with a size and a period numbers begin again in each period")
  func both() {
    var series = series(size: 100, count: 3, period: 10, "x-%s-")
    let first = series.name(of: series.place)
    #expect(first == "x-1700000000-0")
    #expect(series.step(length: 200, at: later(1)) == .next)
    #expect(series.name(of: series.place) == "x-1700000000-1")
    #expect(series.step(length: 200, at: later(11)) == .next)
    #expect(series.name(of: series.place) == "x-1700000011-0")
    // tcpdump: with both, the number of files only bounds the numbers.
    #expect(series.end == nil)
  }

  @Test("without a period % is a character like others")
  func percent() {
    let series = series(size: 100, count: nil, period: nil, "50%H")
    #expect(series.name(of: series.place) == "50%H")
  }
}

@Suite("Packets of several interfaces in one order")
struct PacketMergerTests {
  private func packet(_ interface: Int, _ time: Int64, size: Int = 10) -> PacketMerger.Waiting {
    PacketMerger.Waiting(
      interface: interface, time: WallInstant(nanoseconds: time), originalLength: size,
      octets: [UInt8](repeating: UInt8(interface), count: size))
  }

  private func times(_ merger: inout PacketMerger, before horizon: Int64?) -> [Int64] {
    var times: [Int64] = []
    while let next = merger.next(before: horizon.map { WallInstant(nanoseconds: $0) }) {
      times.append(next.time.nanoseconds)
    }
    return times
  }

  @Test("the oldest goes first, and what may still be overtaken waits")
  func order() {
    var merger = PacketMerger(interfaces: 3)
    for (interface, time) in [(1, 50), (0, 10), (0, 60), (2, 20), (1, 70), (2, 65)]
      as [(Int, Int64)]
    {
      merger.add(packet(interface, time))
    }
    #expect(times(&merger, before: 60) == [10, 20, 50])
    #expect(merger.oldest?.nanoseconds == 60 && merger.count == 3)
    merger.add(packet(1, 61))
    #expect(times(&merger, before: nil) == [60, 65, 70, 61])
    #expect(merger.count == 0 && merger.oldest == nil)
  }

  @Test("of equal times the interface that was named first")
  func equal() {
    var merger = PacketMerger(interfaces: 2)
    merger.add(packet(1, 5))
    merger.add(packet(0, 5))
    #expect(merger.next(before: nil)?.interface == 0)
    #expect(merger.next(before: nil)?.interface == 1)
  }

  @Test("too much does not wait")
  func flood() {
    var merger = PacketMerger(interfaces: 2)
    for number in 0..<70 { merger.add(packet(0, Int64(number), size: 1 << 20)) }
    #expect(times(&merger, before: 0) == Array(0..<6))
    #expect(merger.count == 64)
  }

  @Test("a long queue keeps its order when it is shortened")
  func long() {
    var merger = PacketMerger(interfaces: 2)
    for number in 0..<5_000 { merger.add(packet(number % 2, Int64(number))) }
    #expect(times(&merger, before: 4_000) == Array(0..<4_000))
    for number in 5_000..<6_000 { merger.add(packet(number % 2, Int64(number))) }
    #expect(times(&merger, before: nil) == Array(4_000..<6_000))
  }
}

@Suite("What is said about a capture")
struct CaptureWordsTests {
  @Test("counts in tcpdump's words")
  func counts() {
    var counts = CaptureCounts([], captured: 1)
    #expect(
      counts.words == [
        "1 packet captured", "0 packets received by filter", "0 packets dropped by kernel",
      ])
    #expect(counts.status == "Got 1")
    counts.statistics.droppedByInterface = 1
    counts.statistics.droppedByKernel = 2
    #expect(counts.words.last == "1 packet dropped by interface")
    #expect(counts.status == "Got 1, 3 lost")
  }

  @Test(
    "a filter from a file",
    arguments: [
      ("tcp port 80\n", "tcp port 80"), ("# web\ntcp # only\nport 80", " tcp  port 80"), ("", ""),
    ])
  func filter(content: String, expected: String) {
    #expect(FilterText.text(content) == expected)
  }
}
