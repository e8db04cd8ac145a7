import FlowAnalysis
import LinuxSystem
import PacketFields
import PacketText
import PacketWire

/// How much `--export-objects` writes at the most.
struct ObjectLimits: Hashable, Sendable {
  /// Files.
  var files = 10_000
  /// Octets in all, and of one object: what is packed well can unpack to anything.
  var octets = 1 << 30, octetsPerObject = 1 << 28
  /// Files that are open at one time.
  var openFiles = 64
  /// Of the connections.
  var connections = ConnectionLimits()
}

/// Writes the bodies of HTTP messages to files, and lists them.
final class ObjectExporter {
  /// What one connection says.
  private final class Connection {
    var http = HTTPContents()
    var low: ObjectFile?, high: ObjectFile?
    /// Something else than HTTP follows.
    var isOver = false
  }

  private let path: String
  private let limits: ObjectLimits
  private var folder: NumberedFiles?
  private var walk = PayloadWalk(includingDatagrams: false)
  private var connections: FollowedConnections<Connection>
  private var packet = 0
  private var files = 0, openFiles = 0, octets = 0, leftOut = 0
  /// What kept a file from being written; nothing more is written then.
  private(set) var failure: SystemError?

  init(_ path: String, limits: ObjectLimits = ObjectLimits()) {
    (self.path, self.limits) = (path, limits)
    connections = FollowedConnections(limits.connections)
  }

  /// Opens the folder.
  func begin() throws(SystemError) { folder = NumberedFiles(try NewFileFolder(path)) }

  /// Reads one packet.
  func take(
    _ packet: FieldPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    self.packet = packet.number
    walk.forEachPayload(packet, frame, octets) { payload, octets in
      guard failure == nil else { return }
      connections.read(payload, octets, packet: packet.number, orBegin: { Connection() }) {
        take($0, $1, $2, &out)
      }
    }
  }

  /// Ends what is not whole, and says what it came to.
  func finish(into out: inout TextBuffer) {
    connections.finish { take($0, $1, $2, &out) }
    out.append(exported: files, "object", octets: octets, into: path, leftOut: leftOut)
  }

  private func take(
    _ event: FollowedConnections<Connection>.Event, _ connection: Connection, _ octets: Span<UInt8>,
    _ out: inout TextBuffer
  ) {
    guard !connection.isOver else { return }
    switch event {
    case .octets(let isLow):
      _ = connection.http.consume(octets, fromLow: isLow) { take($0, $1, isLow, connection, &out) }
    case .missing(let count, let isLow):
      connection.http.skip(count, fromLow: isLow) { take($0, $1, isLow, connection, &out) }
    case .end(let isLow): close(connection, isLow, &out)
    case .letGo: for isLow in [true, false] { close(connection, isLow, &out) }
    }
  }

  private func close(_ connection: Connection, _ isLow: Bool, _ out: inout TextBuffer) {
    connection.http.close(fromLow: isLow) { take($0, $1, isLow, connection, &out) }
  }

  private func take(
    _ event: HTTPContents.Event, _ octets: Span<UInt8>, _ isLow: Bool, _ connection: Connection,
    _ out: inout TextBuffer
  ) {
    let object = isLow ? connection.low : connection.high
    switch event {
    case .head(let message):
      let object = ObjectFile(message)
      if isLow { connection.low = object } else { connection.high = object }
    case .body:
      guard let object, !object.isLeftOut else { return }
      object.decoder.decode(octets) { write($0, object) }
    case .missing(let count): object?.missing += count
    case .end(let isWhole):
      if let object { close(object, isWhole: isWhole, &out) }
      if isLow { connection.low = nil } else { connection.high = nil }
    case .switches: connection.isOver = true
    }
  }

  /// Writes a piece of an object; false when no more of it is wanted.
  private func write(_ octets: Span<UInt8>, _ object: ObjectFile) -> Bool {
    guard failure == nil, !object.isLeftOut else { return false }
    let room = min(limits.octets - self.octets, limits.octetsPerObject - object.count)
    let piece = octets.extracting(0..<min(octets.count, max(room, 0)))
    do throws(SystemError) {
      if !object.isOpen, !(try open(object)) { return false }
      try object.write(piece)
    } catch {
      failure = error
      return false
    }
    self.octets += piece.count
    object.isCut = piece.count < octets.count
    return !object.isCut
  }

  /// False when there is no room for another file.
  private func open(_ object: ObjectFile) throws(SystemError) -> Bool {
    guard files < limits.files, openFiles < limits.openFiles, octets < limits.octets,
      let file = try folder?.create(object.name)
    else {
      object.isLeftOut = true
      leftOut += 1
      return false
    }
    object.open(file)
    files += 1
    openFiles += 1
    return true
  }

  private func close(_ object: ObjectFile, isWhole: Bool, _ out: inout TextBuffer) {
    guard object.isOpen else { return }
    object.close()
    openFiles -= 1
    object.describe(isWhole: isWhole, packet: packet, &out)
  }
}
