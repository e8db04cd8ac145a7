import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

@Suite("Two traces beside each other")
struct PathComparisonTests {
  private static func address(_ number: Int) -> IPAddress {
    .v4(IPv4Address(198, 18, UInt8(truncatingIfNeeded: number), 1))
  }

  /// "1:10 2,3:20 * 4": routers by number with the delay in ms, and who says nothing.
  private static func path(
    _ text: String, isReached: Bool = true, links: [(Int, Int)]? = nil, mtu: [Int] = []
  ) -> PathSketch {
    var place = 0
    let hops = text.split(separator: " ").map { word in
      place += 1
      let parts = word.split(separator: ":")
      var hop = PathSketch.Hop(timeToLive: place, addresses: [])
      if word != "*" {
        hop.addresses = parts[0].split(separator: ",").compactMap { Int($0) }.map(address)
      }
      if parts.count > 1, let delay = Int64(parts[1]) {
        for extra in 0..<3 as Range<Int64> {
          hop.delays.add(Nanoseconds(delay * 1_000_000 + extra * 40_000))
        }
      }
      if mtu.indices.contains(place - 1) { hop.mtu = mtu[place - 1] }
      return hop
    }
    let set = links.map {
      Set($0.map { PathSketch.Link(from: address($0.0), to: address($0.1)) })
    }
    return PathSketch(hops: hops, isReached: isReached, links: set)
  }

  /// "1=1 2~3 -4 +5": what stands for what.
  private static func shape(_ comparison: PathComparison) -> String {
    comparison.rows.map { row in
      let (old, new) = (row.before?.timeToLive, row.after?.timeToLive)
      switch row.change {
      case .none: return "\(old ?? 0)=\(new ?? 0)"
      case .replaced: return "\(old ?? 0)~\(new ?? 0)"
      case .mixed: return "\(old ?? 0)&\(new ?? 0)"
      case .gone: return "-\(old ?? 0)"
      case .new: return "+\(new ?? 0)"
      case .silenced: return "\(old ?? 0)>*"
      case .heard: return "*>\(new ?? 0)"
      }
    }.joined(separator: " ")
  }

  @Test(
    "which hops stand for each other",
    arguments: [
      ("1 2 3", "1 2 3", "1=1 2=2 3=3", false), ("1 2 3", "1 9 3", "1=1 2~2 3=3", true),
      ("1 2 3", "1 2 9 3", "1=1 2=2 +3 3=4", true), ("1 2 9 3", "1 2 3", "1=1 2=2 -3 4=3", true),
      ("1 * 3", "1 * 3", "1=1 2=2 3=3", false), ("1 * 3", "1 2 3", "1=1 *>2 3=3", false),
      ("1 2 3", "1 * 3", "1=1 2>* 3=3", false), ("1 * * 3", "1 * 3", "1=1 2=2 -3 4=3", true),
      ("1 2,3 4", "1 2,5 4", "1=1 2&2 3=3", true), ("1 2,3 4", "1 3,2 4", "1=1 2=2 3=3", false),
      // A router that answers in both counts for more than any number of silent ones.
      ("* * * 4 9", "4 * * * 9", "-1 -2 -3 4=1 +2 +3 +4 5=5", true),
      ("1 2 3 4", "5 6 7 8", "1~1 2~2 3~3 4~4", true),
      ("", "1 2", "+1 +2", true), ("1 2", "", "-1 -2", true), ("", "", "", false),
      ("1 2 3 4 9", "1 5 6 4 9", "1=1 2~2 3~3 4=4 5=5", true),
      ("1 2 4 9", "1 5 6 7 9", "1=1 2~2 3~3 +4 4=5", true),
      ("1 2 2 3", "1 2 3", "1=1 2=2 -3 4=3", true),
    ])
  func rows(before: String, after: String, expected: String, hasChanged: Bool) {
    let comparison = PathComparison(Self.path(before), Self.path(after))
    let shape = Self.shape(comparison)
    // Which of two alike stays is open.
    #expect([expected, expected.replacing("2=2 -3", with: "-2 3=2")].contains(shape), "\(shape)")
    #expect(comparison.hasChangedRoute == hasChanged)
    let back = PathComparison(Self.path(after), Self.path(before))
    #expect(back.rows.count == comparison.rows.count && back.hasChangedRoute == hasChanged)
  }

  @Test("all of both paths is there, in order", arguments: 1...200 as ClosedRange<UInt64>)
  func whole(seed: UInt64) {
    var random = SeededRNG(seed: seed)
    func text(_ random: inout SeededRNG) -> String {
      (0..<Int.random(in: 0...30, using: &random)).map { _ in
        Int.random(in: 0..<4, using: &random) == 0
          ? "*" : "\(Int.random(in: 1...12, using: &random))"
      }.joined(separator: " ")
    }
    let (one, other) = (Self.path(text(&random)), Self.path(text(&random)))
    let comparison = PathComparison(one, other)
    #expect(comparison.rows.compactMap(\.before) == one.hops)
    #expect(comparison.rows.compactMap(\.after) == other.hops)
    for row in comparison.rows where row.change == .none {
      #expect(Set(row.before?.addresses ?? []) == Set(row.after?.addresses ?? []))
    }
    #expect(PathComparison(one, one).rows.allSatisfy { $0.change == .none })
  }

  @Test(
    "where the time to the end of the path has changed",
    arguments: [
      ("1:2 2:10 3:20 4:30", "1:2 2:10 3:40 4:50", 2), ("1:2 2:10 3:20", "1:2 2:10 3:20", nil),
      ("1:2 2:10 3:20 4:30", "1:20 2:10 3:40 4:50", 2),
      // A router that takes its time, and nobody behind it.
      ("1:2 2:10 3:20", "1:2 2:90 3:20", nil), ("1:2 2:90 3:40", "1:2 2:10 3:20", 1),
      ("1:2 2:30 3:40", "1:2 2:10 3:20", 1), ("1:2 2:10 3:20", "1:2 9:30 2:40 3:50", 1),
      ("1:2 2:10 * 4:20", "1:2 2:10 * 4:60", 3), ("1:2 2:10 3:20", "1:2 2:10", nil),
      ("1:2 2:10 3:20", "1:9 2:17 3:27", 0), ("1:2 2:10 3:20", "1:2 2:12 3:60", 2),
    ] as [(String, String, Int?)])
  func delays(before: String, after: String, from: Int?) {
    let comparison = PathComparison(Self.path(before), Self.path(after))
    #expect(comparison.delay?.from == from)
    guard let delay = comparison.delay, let last = comparison.rows.last else { return }
    #expect(
      delay.before == last.before?.delays.minimum && delay.after == last.after?.delays.minimum)
  }

  @Test("times that lie across each other are no change, and so is a single one")
  func spread() {
    var (old, new) = (Self.path("1:20"), Self.path("1:30"))
    #expect(PathComparison(old, new).delay != nil)
    old.hops[0].delays.add(.milliseconds(31))
    #expect(PathComparison(old, new).delay == nil)
    new.hops[0].delays = RTTStatistics()
    new.hops[0].delays.add(.milliseconds(90))
    #expect(PathComparison(Self.path("1:20"), new).delay == nil)
  }

  @Test("links between routers that both know")
  func links() throws {
    let one = Self.path("1 2,3 4", links: [(1, 2), (1, 3), (2, 4), (3, 4)])
    let other = Self.path("1 2,5 4", links: [(1, 2), (1, 5), (5, 4), (1, 4)])
    let links = try #require(PathComparison(one, other).links)
    #expect(links.gone == [PathSketch.Link(from: Self.address(2), to: Self.address(4))])
    #expect(links.new == [PathSketch.Link(from: Self.address(1), to: Self.address(4))])
    #expect(PathComparison(one, Self.path("1 2 4")).links == nil)
  }

  @Test("one flow beside all ways: what it does not pass is not gone")
  func single() {
    let (one, all) = (Self.path("1 2 4"), Self.path("1 2,3 4", links: [(1, 2), (1, 3)]))
    #expect(PathComparison(one, all).rows.allSatisfy { $0.change == .none })
    #expect(PathComparison(all, one).rows.allSatisfy { $0.change == .none })
    let other = Self.path("1 2,9 4")
    #expect(Self.shape(PathComparison(other, all)) == "1=1 2&2 3=3")
    #expect(Self.shape(PathComparison(one, Self.path("1 2,3 4"))) == "1=1 2&2 3=3")
  }

  @Test("silence behind the last answer is no hop, and the target counts")
  func ends() {
    let path = Self.path("1 2 * *", isReached: false, mtu: [1_500, 1_400])
    #expect(path.hops.count == 2 && path.mtu == 1_400)
    #expect(PathComparison(path, Self.path("1 2")).hasChangedRoute)
  }
}
