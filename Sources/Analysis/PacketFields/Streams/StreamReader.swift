import PacketWire

/// Reads both directions of a connection, and finds the messages that end in a segment.
///
/// It reads as tshark does when nothing is set: segments count in the order in which they come, what
/// was seen before is not read again, and what comes behind a gap is read as if a message began there.
struct StreamReader: Sendable {
  /// The connection's number.
  let stream: Int
  var application = Application.undecided
  var http = HTTPState()
  var tls = TLSState()
  private var low = StreamDirection()
  private var high = StreamDirection()

  /// What the connection carries.
  enum Application: Sendable {
    case undecided, http, tls, webSocket, http2, dns
  }

  /// A segment, and what is known of it.
  struct Segment: Sendable {
    var number: UInt32
    var ports: (source: UInt16, destination: UInt16)
    var isFromLow: Bool
    /// The packet's place in the capture.
    var packet: Int
    /// When it was captured.
    var time: WallInstant
    /// How many octets it had on the wire.
    var wireCount: Int
    /// The capture holds all of it, so that others can go on where it ends.
    var isWhole: Bool
    /// Its sender has nothing more to say.
    var isLast: Bool
    /// It repeats what was sent, or comes late: others have been read instead of it.
    var isRefused: Bool
  }

  /// Octets that are next, of which some may not have been kept or captured.
  struct Piece {
    var count: Int
    var isFromLow: Bool
    var packet: Int
    var time: WallInstant
    var ports: (source: UInt16, destination: UInt16)
    /// More can be asked for.
    var canWait: Bool
    /// They go on with what was pending.
    var isContinued: Bool
  }

  init(stream: Int) { self.stream = stream }

  subscript(isLow: Bool) -> StreamDirection {
    // No `_read`: Swift 6.3 reads what it lends after its frame was given back, as the address
    // sanitizer shows in an optimised build.
    @inline(__always) get { isLow ? low : high }
    @inline(__always) _modify { if isLow { yield &low } else { yield &high } }
  }

  /// How much memory it holds, about.
  var heldOctets: Int { low.heldOctets &+ high.heldOctets }

  /// Reads what a segment carries; `base` is where `octets` begin in its packet.
  mutating func read(
    _ octets: Span<UInt8>, at base: Int, _ segment: Segment, _ output: inout StreamOutput
  ) {
    let side = segment.isFromLow
    guard segment.isWhole else {
      var piece = piece(segment, count: segment.wireCount, continued: false)
      piece.canWait = false
      if segment.isRefused { return }
      output.beginSegment(at: base)
      _ = find(octets, piece, &output)
      return
    }
    var offset = 0
    while offset < octets.count {
      let number = segment.number &+ UInt32(truncatingIfNeeded: offset)
      let rest = octets.extracting(offset..<octets.count)
      if self[side].repeatsStart(number, rest.count) { break }
      if let place = self[side].pending?.offset(of: number) {
        offset &+= goOn(rest, at: place, segment, &output)
      } else if let skipped = self[side].readBefore(number) {
        offset &+= skipped
      } else {
        begin(rest, at: base &+ offset, number, segment, &output)
        break
      }
    }
    if segment.isLast { end(segment, &output) }
  }

  /// Reads octets that begin a message, or should.
  private mutating func begin(
    _ octets: Span<UInt8>, at base: Int, _ number: UInt32, _ segment: Segment,
    _ output: inout StreamOutput
  ) {
    guard !segment.isRefused else { return }
    output.beginSegment(at: base)
    let piece = piece(segment, count: octets.count, continued: false)
    guard let need = find(octets, piece, &output) else { return }
    self[segment.isFromLow].pending = PendingMessage(
      start: number &+ UInt32(truncatingIfNeeded: need.offset),
      octets.extracting(need.offset..<octets.count), count: octets.count &- need.offset, need)
  }

  /// Adds octets to the message that waits for them; how many were taken.
  private mutating func goOn(
    _ octets: Span<UInt8>, at place: Int, _ segment: Segment, _ output: inout StreamOutput
  ) -> Int {
    let side = segment.isFromLow
    guard var message = self[side].pending else { return octets.count }
    // Not copied when it grows.
    self[side].pending = nil
    let count = message.takesSegment ? octets.count : min(octets.count, message.end &- place)
    message.add(octets.extracting(0..<count), at: place)
    guard message.isWhole else {
      self[side].pending = message
      return count
    }
    if segment.isRefused {
      self[side].note(message, upTo: message.count)
    } else {
      let piece = piece(segment, count: message.count, continued: true)
      finish(message, piece, fresh: count, &output)
    }
    return count
  }

  /// Reads a message that has all it asked for; `fresh` octets of it are new.
  private mutating func finish(
    _ whole: PendingMessage, _ piece: Piece, fresh: Int, _ output: inout StreamOutput
  ) {
    var message = whole
    let octets = message.octets
    output.beginSource(octets)
    let layers = output.layers.count
    let need = find(octets.span, piece, &output)
    if output.layers.count > layers, message.overlaps > 0 {
      output.add(.tcpReassembly, message.overlaps, message.overlaps, detail: message.conflicts)
    }
    output.endSource()
    let side = piece.isFromLow
    guard let need else {
      self[side].note(message, upTo: message.count)
      return
    }
    if need.offset == 0 || need.offset <= message.count &- fresh {
      message.set(need)
      self[side].pending = message
      return
    }
    self[side].note(message, upTo: need.offset)
    let start = message.start &+ UInt32(truncatingIfNeeded: need.offset)
    let offset = min(need.offset, octets.count)
    self[side].pending = PendingMessage(
      start: start, octets.span.extracting(offset..<octets.count),
      count: message.count &- need.offset, need)
  }

  /// Reads what waits for the end of its stream.
  private mutating func end(_ segment: Segment, _ output: inout StreamOutput) {
    let side = segment.isFromLow
    guard let message = self[side].pending, message.isUntilEnd, !segment.isRefused else { return }
    self[side].pending = nil
    var piece = piece(segment, count: message.count, continued: true)
    piece.canWait = false
    finish(message, piece, fresh: 0, &output)
  }

  /// Gives up what waits: it is read as far as it has come.
  mutating func giveUp(_ segment: Segment, _ output: inout StreamOutput) {
    for side in [true, false] {
      guard let message = self[side].pending else { continue }
      self[side].pending = nil
      var piece = piece(segment, count: message.count, continued: true)
      (piece.canWait, piece.isFromLow) = (false, side)
      finish(message, piece, fresh: 0, &output)
      self[side].removeAll()
    }
  }

  private func piece(_ segment: Segment, count: Int, continued: Bool) -> Piece {
    Piece(
      count: count, isFromLow: segment.isFromLow, packet: segment.packet, time: segment.time,
      ports: segment.ports,
      canWait: true, isContinued: continued)
  }
}
