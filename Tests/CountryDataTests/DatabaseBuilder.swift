/// Builds small files in MaxMind's DB format (version 2.0): a search tree of IPv6, in which IPv4 stands
/// at ::/96, and a data section. Records have 24 bits.
struct DatabaseBuilder {
  /// What a field of the data section may hold.
  indirect enum Value {
    case text(String)
    case number16(UInt16)
    case number32(UInt32)
    case number64(UInt64)
    case list([Value])
    case map([(String, Value)])

    var octets: [UInt8] {
      switch self {
      case .text(let text): Self.control(2, text.utf8.count) + Array(text.utf8)
      case .number16(let number): Self.control(5, 2) + Self.bigEndian(UInt64(number), 2)
      case .number32(let number): Self.control(6, 4) + Self.bigEndian(UInt64(number), 4)
      case .number64(let number): Self.control(9, 8) + Self.bigEndian(number, 8)
      case .list(let values): Self.control(11, values.count) + values.flatMap(\.octets)
      case .map(let pairs):
        Self.control(7, pairs.count) + pairs.flatMap { Value.text($0.0).octets + $0.1.octets }
      }
    }

    /// Types over 7 stand in an octet of their own. No field here is longer than 284 octets.
    private static func control(_ type: UInt8, _ size: Int) -> [UInt8] {
      let (low, more): (UInt8, [UInt8]) =
        size < 29 ? (UInt8(size), []) : (29, [UInt8(size - 29)])
      return (type <= 7 ? [type << 5 | low] : [low, type - 7]) + more
    }

    static func bigEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }
  }

  private enum Record {
    case nothing
    case node(Int)
    case data(Int)
  }

  private var nodes: [[Record]] = [[.nothing, .nothing]]
  private var data: [UInt8] = []

  /// Says something of all addresses that begin with these bits; of a prefix once, and shorter prefixes
  /// before longer ones are not for this.
  mutating func add(_ bits: UInt128, length: Int, _ value: Value) {
    let place = data.count
    data += value.octets
    var node = 0
    for index in 0..<length {
      let side = Int(truncatingIfNeeded: bits >> UInt128(127 - index)) & 1
      if index == length - 1 {
        nodes[node][side] = .data(place)
      } else if case .node(let next) = nodes[node][side] {
        node = next
      } else {
        nodes.append([.nothing, .nothing])
        nodes[node][side] = .node(nodes.count - 1)
        node = nodes.count - 1
      }
    }
  }

  /// The file.
  func octets(type: String = "Wirewalk-Test") -> [UInt8] {
    let tree = nodes.joined().flatMap { record -> [UInt8] in
      switch record {
      case .nothing: Value.bigEndian(UInt64(nodes.count), 3)
      case .node(let number): Value.bigEndian(UInt64(number), 3)
      case .data(let place): Value.bigEndian(UInt64(nodes.count + 16 + place), 3)
      }
    }
    let metadata = Value.map([
      ("node_count", .number32(UInt32(nodes.count))), ("record_size", .number16(24)),
      ("ip_version", .number16(6)), ("database_type", .text(type)),
      ("languages", .list([.text("en")])), ("binary_format_major_version", .number16(2)),
      ("binary_format_minor_version", .number16(0)), ("build_epoch", .number64(1_700_000_000)),
      ("description", .map([("en", .text("made by a test"))])),
    ])
    return tree + [UInt8](repeating: 0, count: 16) + data + [0xab, 0xcd, 0xef]
      + Array("MaxMind.com".utf8) + metadata.octets
  }
}
