import PacketWire
import PageStory

/// Who sends what to whom, drawn to time: where each line and arrow goes.
struct SequenceDiagram {
  /// A packet.
  struct Arrow {
    var entry: StoryReport.Entry
    var from: Int
    var to: Int
    var y: Double
  }

  /// A pause that is drawn shorter than it was.
  struct Pause {
    var y: Double
    var time: Nanoseconds
  }

  /// More arrows than anybody follows, and more lanes.
  static let maximumArrows = 200
  static let maximumLanes = 6
  /// Between arrows, in pixels: so much that labels do not touch, and so much that no pause leaves a
  /// hole.
  private static let leastGap = 21.0
  private static let mostGap = 150.0

  /// From left to right.
  let lanes: [HostRegister.Host]
  private(set) var arrows: [Arrow] = []
  private(set) var pauses: [Pause] = []
  /// Packets beyond the last arrow, and between hosts that have no lane.
  private(set) var omitted = 0
  /// How many nanoseconds a pixel is; what is closer than labels allow is drawn apart.
  private(set) var scale = 1.0
  private(set) var height = 76.0

  init(_ report: StoryReport) {
    let hosts = report.hosts
    let chosen = Self.chosen(hosts.hosts)
    lanes = chosen.map { hosts.hosts[$0] }
    let laneOfHost = Dictionary(
      uniqueKeysWithValues: chosen.enumerated().map { ($0.element, $0.offset) })
    var kept: [(entry: StoryReport.Entry, from: Int, to: Int)] = []
    for entry in report.entries {
      let from = hosts.place(of: entry.source).flatMap { laneOfHost[$0] }
      let to = hosts.place(of: entry.destination).flatMap { laneOfHost[$0] }
      if let from, let to, kept.count < Self.maximumArrows {
        kept.append((entry, from, to))
      } else {
        omitted += 1
      }
    }
    omitted += report.omittedSteps
    scale = Self.scale(of: kept.map(\.entry.step.time))
    var last: Nanoseconds?
    for item in kept {
      let time = item.entry.step.time
      if let last { advance(by: time - last) }
      last = time
      arrows.append(Arrow(entry: item.entry, from: item.from, to: item.to, y: height))
    }
    height += 24
  }

  /// The hosts with the most to say, clients first.
  private static func chosen(_ hosts: [HostRegister.Host]) -> [Int] {
    let places = hosts.indices.sorted { (hosts[$1].packets, $0) < (hosts[$0].packets, $1) }
    return places.prefix(maximumLanes).sorted {
      (hosts[$0].part.rawValue, $0) < (hosts[$1].part.rawValue, $1)
    }
  }

  /// A pixel in nanoseconds, so that an ordinary pause of this capture takes some eighty of them. A
  /// pause that few others come near is not ordinary.
  private static func scale(of times: [Nanoseconds]) -> Double {
    var gaps = zip(times.dropFirst(), times).map { Double(($0 - $1).count) }.filter { $0 > 0 }
      .sorted()
    while let longest = gaps.last {
      let telling = gaps.drop { $0 < longest / 50 }
      if telling.count >= 3 || gaps.count <= 6 {
        return max(telling[telling.startIndex + telling.count / 2] / 80, 1)
      }
      gaps.removeLast()
    }
    return 1
  }

  private mutating func advance(by time: Nanoseconds) {
    let wanted = Double(max(time.count, 0)) / scale
    guard wanted > Self.mostGap else { return height += max(wanted, Self.leastGap) }
    pauses.append(Pause(y: height + Self.mostGap / 2, time: time))
    height += Self.mostGap
  }
}
