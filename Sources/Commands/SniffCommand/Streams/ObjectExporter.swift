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
  /// Connections that are followed at one time.
  var connections = 4_096
  /// Octets that wait for what is before them.
  var heldOctets = 64 << 20
}

/// Writes the bodies of HTTP messages to files, and lists them.
final class ObjectExporter {
  /// One connection that is followed.
  private final class Connection {
    var ordered = OrderedConnection()
    var http = HTTPContents()
    var low: ObjectFile?, high: ObjectFile?
    /// Something else than HTTP follows.
    var isOver = false
  }

  private let path: String
  private let limits: ObjectLimits
  private var folder: NewFileFolder?
  private var walk = PayloadWalk()
  private var connections: [Int: Connection] = [:]
  /// The connections in the order of their beginning.
  private var order: [Int] = []
  private var heldOctets = 0
  private var packet = 0
  /// How many names of a kind were given.
  private var names: [ObjectName: Int] = [:]
  private var files = 0, openFiles = 0, octets = 0, leftOut = 0
  /// What kept a file from being written; nothing more is written then.
  private(set) var failure: SystemError?

  init(_ path: String, limits: ObjectLimits = ObjectLimits()) {
    (self.path, self.limits) = (path, limits)
  }

  /// Opens the folder.
  func begin() throws(SystemError) { folder = try NewFileFolder(path) }

  /// Reads one packet.
  func take(
    _ packet: FieldPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    self.packet = packet.number
    for payload in walk.payloads(packet, frame, octets) where payload.transport == .tcp {
      if let whole = payload.reassembled {
        read(payload, whole.span.extracting(payload.range), &out)
      } else {
        read(payload, octets.extracting(payload.range), &out)
      }
    }
  }

  /// Ends what is not whole, and says what it came to.
  func finish(into out: inout TextBuffer) {
    for stream in order { end(stream, &out) }
    out.append(decimal: files)
    out.append(files == 1 ? " object, " : " objects, ")
    out.append(decimal: octets)
    out.append(" octets, in ")
    out.append(untrusted: path)
    if leftOut > 0 {
      out.append("; left out, for a limit was reached: ")
      out.append(decimal: leftOut)
    }
    out.newline()
  }

  private func read(
    _ payload: TransportPayload, _ octets: Span<UInt8>, _ out: inout TextBuffer
  ) {
    guard failure == nil else { return }
    let connection = connection(payload.stream, &out)
    guard !connection.isOver else { return }
    heldOctets -= connection.ordered.heldOctets
    connection.ordered.add(
      OrderedConnection.Segment(
        isFromLow: payload.isFromLow, number: payload.number,
        acknowledgment: payload.acknowledgment, flags: payload.flags, length: payload.length),
      octets
    ) { take($0, $1, $2, connection, &out) }
    if heldOctets + connection.ordered.heldOctets > limits.heldOctets {
      connection.ordered.finish { take($0, $1, $2, connection, &out) }
    }
    heldOctets += connection.ordered.heldOctets
  }

  private func connection(_ stream: Int, _ out: inout TextBuffer) -> Connection {
    if let known = connections[stream] { return known }
    if order.count >= limits.connections {
      // A quarter at a time, so that the order is not moved for each.
      for old in order.prefix(limits.connections / 4 + 1) { end(old, &out) }
      order.removeFirst(limits.connections / 4 + 1)
    }
    let connection = Connection()
    connections[stream] = connection
    order.append(stream)
    return connection
  }

  private func end(_ stream: Int, _ out: inout TextBuffer) {
    guard let connection = connections.removeValue(forKey: stream) else { return }
    heldOctets -= connection.ordered.heldOctets
    connection.ordered.finish { take($0, $1, $2, connection, &out) }
    for isLow in [true, false] {
      connection.http.close(fromLow: isLow) { take($0, $1, isLow, connection, &out) }
    }
  }

  private func take(
    _ event: OrderedConnection.Event, _ isLow: Bool, _ octets: Span<UInt8>,
    _ connection: Connection, _ out: inout TextBuffer
  ) {
    guard !connection.isOver else { return }
    switch event {
    case .octets:
      _ = connection.http.consume(octets, fromLow: isLow) { take($0, $1, isLow, connection, &out) }
    case .missing(let count):
      connection.http.skip(count, fromLow: isLow) { take($0, $1, isLow, connection, &out) }
    case .end: connection.http.close(fromLow: isLow) { take($0, $1, isLow, connection, &out) }
    }
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
    guard files < limits.files, openFiles < limits.openFiles, octets < limits.octets else {
      object.isLeftOut = true
      leftOut += 1
      return false
    }
    let name = object.name
    for _ in 0..<limits.files {
      let number = names[name, default: 0] + 1
      names[name] = number
      guard let file = try folder?.create(name.numbered(number)) else { continue }
      object.open(file, name.numbered(number))
      files += 1
      openFiles += 1
      return true
    }
    object.isLeftOut = true
    leftOut += 1
    return false
  }

  private func close(_ object: ObjectFile, isWhole: Bool, _ out: inout TextBuffer) {
    guard object.isOpen else { return }
    object.close()
    openFiles -= 1
    object.describe(isWhole: isWhole, packet: packet, &out)
  }
}
