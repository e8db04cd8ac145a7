import FlowAnalysis
import LinuxSystem
import PacketFields
import PacketText
import PacketWire

/// How much `--export-streams` writes and remembers at the most.
struct StreamLimits: Hashable, Sendable {
  /// Files.
  var files = 100_000
  /// Octets of one stream that wait to be written, and of all.
  var waitingOctets = 64 << 10, allWaitingOctets = 16 << 20
  /// Of the connections.
  var connections = ConnectionLimits()
}

/// Writes what each end of each TCP connection said to a file of its own, and lists them.
final class StreamExporter {
  /// What the two ends of one connection say.
  private final class Connection {
    let low: StreamFile, high: StreamFile
    var isReset = false

    init(_ payload: TransportPayload) {
      let (source, destination) = (payload.source, payload.destination)
      let own = StreamFile(ObjectName(stream: payload.stream, from: source, to: destination))
      let peer = StreamFile(ObjectName(stream: payload.stream, from: destination, to: source))
      (low, high) = payload.isFromLow ? (own, peer) : (peer, own)
    }

    func file(_ isLow: Bool) -> StreamFile { isLow ? low : high }
  }

  private let path: String
  private let limits: StreamLimits
  private var folder: NumberedFiles?
  private var walk = PayloadWalk(includingDatagrams: false)
  private var connections: FollowedConnections<Connection>
  private var waitingOctets = 0
  private var files = 0, octets = 0, leftOut = 0
  /// What kept a file from being written; nothing more is written then.
  private(set) var failure: SystemError?

  init(_ path: String, limits: StreamLimits = StreamLimits()) {
    (self.path, self.limits) = (path, limits)
    connections = FollowedConnections(limits.connections)
  }

  /// Opens the folder.
  func begin() throws(SystemError) { folder = NumberedFiles(try NewFileFolder(path)) }

  /// Reads one packet.
  func take(
    _ packet: FieldPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    walk.forEachPayload(packet, frame, octets) { payload, octets in
      guard failure == nil else { return }
      let connection = connections.read(
        payload, octets, packet: packet.number, orBegin: { Connection(payload) }
      ) { take($0, $1, $2, &out) }
      if payload.length > 0 { connection.file(payload.isFromLow).note(packet: packet.number) }
      if payload.flags.contains(.rst) { connection.isReset = true }
    }
    guard waitingOctets >= limits.allWaitingOctets else { return }
    connections.forEach {
      write($0.low)
      write($0.high)
    }
  }

  /// Writes what waits, and says what it came to.
  func finish(into out: inout TextBuffer) {
    connections.finish { take($0, $1, $2, &out) }
    out.append(exported: files, "stream", octets: octets, into: path, leftOut: leftOut)
  }

  private func take(
    _ event: FollowedConnections<Connection>.Event, _ connection: Connection, _ octets: Span<UInt8>,
    _ out: inout TextBuffer
  ) {
    switch event {
    case .octets(let isLow): append(octets, connection.file(isLow))
    case .missing(let count, let isLow): connection.file(isLow).missing += count
    case .end(let isLow):
      let file = connection.file(isLow)
      file.hasEnded = true
      write(file)
    case .letGo:
      for file in [connection.low, connection.high] {
        write(file)
        file.describe(isReset: connection.isReset, &out)
      }
    }
  }

  private func append(_ octets: Span<UInt8>, _ file: StreamFile) {
    guard !file.isLeftOut else { return }
    file.append(octets)
    waitingOctets += octets.count
    if file.waitingCount >= limits.waitingOctets { write(file) }
  }

  private func write(_ file: StreamFile) {
    let count = file.waitingCount
    guard count > 0, failure == nil else { return }
    waitingOctets -= count
    let isNew = file.isNew
    if isNew, files >= limits.files {
      file.leaveOut()
    } else {
      do throws(SystemError) {
        try file.write(to: &folder)
      } catch {
        failure = error
        return
      }
    }
    if file.isLeftOut {
      leftOut += 1
    } else {
      octets += count
      files += isNew ? 1 : 0
    }
  }
}
