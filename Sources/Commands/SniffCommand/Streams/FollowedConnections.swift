import FlowAnalysis
import PacketFields
import PacketWire

/// How many connections are followed at one time.
struct ConnectionLimits: Hashable, Sendable {
  /// Connections.
  var count = 16_384
  /// Octets that wait for what is before them, in all.
  var heldOctets = 64 << 20
}

/// The connections of a capture, each put in order, with what somebody keeps of each.
///
/// When there are too many, a quarter is let go: first those that carried nothing, as a flood of SYNs
/// does, then those that nothing was heard of for longest. What comes of them later begins anew.
struct FollowedConnections<Content: AnyObject> {
  /// What became known of a connection, and which end has sent it: the one whose address and port are the
  /// lower ones, or the other.
  enum Event {
    /// Octets that are next in order.
    case octets(isLow: Bool)
    /// So many octets that are next were not captured.
    case missing(Int64, isLow: Bool)
    /// The sender has said its last.
    case end(isLow: Bool)
    /// Nothing more will be told of the connection.
    case letGo
  }

  private final class Connection {
    let content: Content
    var ordered = OrderedConnection()
    var lastPacket = 0
    /// It has carried something.
    var hasSpoken = false

    init(_ content: Content) { self.content = content }
  }

  private let limits: ConnectionLimits
  private var connections: [Int: Connection] = [:]
  private var heldOctets = 0

  /// No connection yet.
  init(_ limits: ConnectionLimits) { self.limits = limits }

  /// Puts a segment in its place.
  ///
  /// - Parameters:
  ///   - payload: what it carries, of TCP.
  ///   - octets: those of it that were captured.
  ///   - packet: the number of the packet.
  ///   - content: what is kept of a connection that is not known yet.
  ///   - body: is told what became known, of whom, and the octets if it is octets.
  /// - Returns: what is kept of the connection.
  @discardableResult
  mutating func read(
    _ payload: TransportPayload, _ octets: Span<UInt8>, packet: Int, orBegin content: () -> Content,
    _ body: (Event, Content, Span<UInt8>) -> Void
  ) -> Content {
    let connection = connections[payload.stream] ?? begin(payload.stream, content(), body)
    connection.lastPacket = packet
    if payload.length > 0 { connection.hasSpoken = true }
    heldOctets -= connection.ordered.heldOctets
    connection.ordered.add(payload.segment, octets) {
      Self.tell($0, $1, $2, connection.content, body)
    }
    if heldOctets + connection.ordered.heldOctets > limits.heldOctets {
      connection.ordered.finish { Self.tell($0, $1, $2, connection.content, body) }
    }
    heldOctets += connection.ordered.heldOctets
    return connection.content
  }

  /// Goes through what is kept, in no order.
  func forEach(_ body: (Content) -> Void) {
    for connection in connections.values { body(connection.content) }
  }

  /// Lets all go, in the order of their numbers.
  mutating func finish(_ body: (Event, Content, Span<UInt8>) -> Void) {
    for stream in connections.keys.sorted() { letGo(stream, body) }
  }

  private mutating func begin(
    _ stream: Int, _ content: Content, _ body: (Event, Content, Span<UInt8>) -> Void
  ) -> Connection {
    if connections.count >= limits.count { makeRoom(body) }
    let connection = Connection(content)
    connections[stream] = connection
    return connection
  }

  private mutating func makeRoom(_ body: (Event, Content, Span<UInt8>) -> Void) {
    let order = connections.sorted {
      ($0.value.hasSpoken ? 1 : 0, $0.value.lastPacket) < (
        $1.value.hasSpoken ? 1 : 0, $1.value.lastPacket
      )
    }
    for stream in order.prefix(limits.count / 4 + 1).map(\.key).sorted() { letGo(stream, body) }
  }

  private mutating func letGo(_ stream: Int, _ body: (Event, Content, Span<UInt8>) -> Void) {
    guard let connection = connections.removeValue(forKey: stream) else { return }
    heldOctets -= connection.ordered.heldOctets
    connection.ordered.finish { Self.tell($0, $1, $2, connection.content, body) }
    body(.letGo, connection.content, Span())
  }

  private static func tell(
    _ event: OrderedConnection.Event, _ isLow: Bool, _ octets: Span<UInt8>, _ content: Content,
    _ body: (Event, Content, Span<UInt8>) -> Void
  ) {
    switch event {
    case .octets: body(.octets(isLow: isLow), content, octets)
    case .missing(let count): body(.missing(count, isLow: isLow), content, octets)
    case .end: body(.end(isLow: isLow), content, octets)
    }
  }
}
