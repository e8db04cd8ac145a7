import PacketTestSupport
import PacketWire

/// The samples of scripts/reference-statistics.py, made alike from the same seeds.
enum ReferenceSample {
  /// Between 1 and 65 ms with a long tail.
  static func delays(seed: UInt64, count: Int) -> [Nanoseconds] {
    var numbers = SeededRNG(seed: seed)
    return (0..<count).map { _ in
      let scale = Int64(1_000_000) << Int64(numbers.next() % 7)
      return Nanoseconds(scale + Int64(numbers.next() % 1_000_000))
    }
  }

  /// Probe numbers as they come in: each was held up for up to 15 places, and one in eight lost.
  static func order(seed: UInt64, count: Int) -> [UInt64] {
    var numbers = SeededRNG(seed: seed)
    let places = (1...UInt64(count)).map { (place: $0 + numbers.next() % 16, number: $0) }
    return places.sorted { ($0.place, $0.number) < ($1.place, $1.number) }.map(\.number)
      .filter { _ in numbers.next() % 8 != 0 }
  }
}
