public import FlowAnalysis
import PacketWire

/// How many frames carry which protocol, one within the other.
public struct ProtocolHierarchy: Sendable {
  /// A protocol within those above it.
  public struct Node: Sendable {
    /// What it is called.
    public var name: ProtocolName
    /// How many protocols are around it.
    public var depth: Int
    /// The frames that carry it.
    public var traffic = TrafficCount()
    fileprivate var children: [Int] = []
  }

  private var nodes = [Node(name: .frame, depth: -1)]
  /// Deeper than that nothing is told apart: protocols can be put within each other for ever.
  private static let deepest = 12

  /// Nothing was seen.
  public init() {}

  /// Counts one frame of `length` octets that carries `path`, outermost first.
  mutating func add(_ path: borrowing ProtocolPath, length: Int) {
    var place = 0
    for index in 0..<min(path.count, Self.deepest) {
      place = child(of: place, path[index])
      nodes[place].traffic += TrafficCount(packets: 1, octets: length)
    }
  }

  private mutating func child(of parent: Int, _ name: ProtocolName) -> Int {
    for place in nodes[parent].children where nodes[place].name == name { return place }
    nodes.append(Node(name: name, depth: nodes[parent].depth + 1))
    nodes[parent].children.append(nodes.count - 1)
    return nodes.count - 1
  }

  /// All protocols, each followed by those that it carries, the most frequent first.
  public var all: [Node] {
    var rows: [Node] = []
    func append(_ place: Int) {
      let children = nodes[place].children.sorted {
        nodes[$0].traffic.packets > nodes[$1].traffic.packets
      }
      for child in children {
        rows.append(nodes[child])
        append(child)
      }
    }
    append(0)
    return rows
  }
}

/// The protocols of one frame, outermost first.
struct ProtocolPath {
  private var names = InlineArray<16, ProtocolName>(repeating: .frame)
  private(set) var count = 0

  subscript(index: Int) -> ProtocolName { names[index] }

  mutating func append(_ name: ProtocolName) {
    guard count < 16 else { return }
    names[count] = name
    count += 1
  }
}
