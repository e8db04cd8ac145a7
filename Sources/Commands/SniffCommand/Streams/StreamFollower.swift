import Compression
import FlowAnalysis
import PacketFields
import PacketText
import PacketWire
import TerminalText

/// Follows one conversation, and shows what its ends said to each other.
final class StreamFollower {
  private let choice: FollowChoice
  private var walk: PayloadWalk
  private var connection = OrderedConnection()
  private var http = HTTPContents()
  private var frames = (low: WebSocketContents(), high: WebSocketContents())
  private var isWebSocket = false, isOver = false
  private var printer: FollowPrinter
  /// The first end is the one whose address and port are the lower ones.
  private var firstIsLow: Bool?
  /// What unpacks the body of each end.
  private var decoders: (low: ContentDecoder?, high: ContentDecoder?) = (nil, nil)
  /// What unpacks the messages of each end, where they may be packed.
  private var packed: (low: PackedMessages?, high: PackedMessages?) = (nil, nil)
  /// The message in progress is packed.
  private var isPacked = (low: false, high: false)
  /// The frame in progress.
  private var frame: (low: WebSocketFrameHeader?, high: WebSocketFrameHeader?) = (nil, nil)

  init(_ choice: FollowChoice, _ style: TerminalStyle) {
    self.choice = choice
    walk = PayloadWalk(includingDatagrams: choice.kind == .udp)
    printer = FollowPrinter(choice, style)
  }

  /// Reads one packet.
  func take(
    _ packet: FieldPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    let transport: IPProtocol = choice.kind == .udp ? .udp : .tcp
    walk.forEachPayload(packet, frame, octets) { payload, octets in
      guard payload.transport == transport, payload.stream == choice.stream else { return }
      read(payload, octets, &out)
    }
  }

  private func read(
    _ payload: TransportPayload, _ octets: Span<UInt8>, _ out: inout TextBuffer
  ) {
    let firstIsLow = firstIsLow ?? payload.isFromLow
    self.firstIsLow = firstIsLow
    printer.begin(payload.source, payload.destination, &out)
    guard choice.kind != .udp else {
      let isFirst = payload.isFromLow == firstIsLow
      printer.append(octets, ofFirst: isFirst, &out)
      let missing = payload.length - octets.count
      if missing > 0 { printer.append(missing: Int64(missing), ofFirst: isFirst, &out) }
      return
    }
    connection.add(payload.segment, octets) { take($0, $1, $2, &out) }
  }

  /// Shows what still waits, and ends.
  func finish(into out: inout TextBuffer) {
    connection.finish { take($0, $1, $2, &out) }
    printer.finish(&out)
  }

  /// What is to be said on standard error at the end, if anything.
  var remark: String? {
    let name = choice.kind == .udp ? "udp" : "tcp"
    if !printer.hasSeen { return "there is no packet of \(name).stream \(choice.stream)" }
    guard choice.form == .raw, printer.missing > 0 else { return nil }
    return "\(printer.missing) octets are missing from the capture, and from what was written"
  }

  private func take(
    _ event: OrderedConnection.Event, _ isLow: Bool, _ octets: Span<UInt8>,
    _ out: inout TextBuffer
  ) {
    if choice.kind == .tcp {
      let isFirst = isLow == firstIsLow
      switch event {
      case .octets: printer.append(octets, ofFirst: isFirst, &out)
      case .missing(let count): printer.append(missing: count, ofFirst: isFirst, &out)
      case .end: break
      }
      return
    }
    guard !isOver else { return }
    if isWebSocket { return takeFrames(event, isLow, octets, &out) }
    switch event {
    case .octets:
      let read = http.consume(octets, fromLow: isLow) { take($0, isLow, $1, &out) }
      if read < octets.count, isWebSocket {
        takeFrames(.octets, isLow, octets.extracting(read..<octets.count), &out)
      }
    case .missing(let count): http.skip(count, fromLow: isLow) { take($0, isLow, $1, &out) }
    case .end: http.close(fromLow: isLow) { take($0, isLow, $1, &out) }
    }
  }

  /// What HTTP is about.
  private func take(
    _ event: HTTPContents.Event, _ isLow: Bool, _ octets: Span<UInt8>, _ out: inout TextBuffer
  ) {
    let isFirst = isLow == firstIsLow
    let isShown = choice.kind == .http
    switch event {
    case .head(let message):
      set(ContentDecoder(message.contentEncoding), isLow)
      if isShown { printer.append(octets, ofFirst: isFirst, &out) }
    case .body:
      if isShown { decode(octets, isLow, isFirst, &out) }
    case .missing(let count):
      if isShown { printer.append(missing: count, ofFirst: isFirst, &out) }
    case .end: set(nil, isLow)
    case .switches(let agreement):
      let isFollowed = agreement != nil && !isShown
      (isWebSocket, isOver, decoders) = (isFollowed, !isFollowed, (nil, nil))
      // The answer is the server's.
      let ends = agreement?.deflate.map { isLow ? ($0.server, $0.client) : ($0.client, $0.server) }
      packed = (ends.flatMap { PackedMessages($0.0) }, ends.flatMap { PackedMessages($0.1) })
    }
  }

  private func takeFrames(
    _ event: OrderedConnection.Event, _ isLow: Bool, _ octets: Span<UInt8>,
    _ out: inout TextBuffer
  ) {
    // Taken out, since they lie beside each other.
    var contents = isLow ? frames.low : frames.high
    switch event {
    case .octets: contents.consume(octets) { take($0, isLow, $1, &out) }
    case .missing(let count):
      printer.append(missing: count, ofFirst: isLow == firstIsLow, &out)
      contents.skip(count) { take($0, isLow, $1, &out) }
    case .end: break
    }
    if isLow { frames.low = contents } else { frames.high = contents }
  }

  /// What WebSocket frames hold. Packed messages share a window (RFC 7692 §7.2.2).
  private func take(
    _ event: WebSocketContents.Event, _ isLow: Bool, _ octets: Span<UInt8>,
    _ out: inout TextBuffer
  ) {
    let isFirst = isLow == firstIsLow
    if case .frame(let header) = event {
      if isLow { frame.low = header } else { frame.high = header }
      guard !header.opcode.isControl, header.opcode != .continuation else { return }
      let isPacked = header.reservedBits & 4 != 0 && messages(isLow) != nil
      if isLow { self.isPacked.low = isPacked } else { self.isPacked.high = isPacked }
      if isPacked { messages(isLow)?.begin() }
      return
    }
    let header = isLow ? frame.low : frame.high
    let isControl = header?.opcode.isControl ?? true
    guard !isControl, isLow ? isPacked.low : isPacked.high else {
      return printer.append(octets, ofFirst: isFirst, &out)
    }
    if case .end = event {
      guard header?.isFinal ?? false else { return }
      messages(isLow)?.finish { printer.append($0, ofFirst: isFirst, &out) }
    } else {
      messages(isLow)?.unpack(octets) { printer.append($0, ofFirst: isFirst, &out) }
    }
  }

  private func messages(_ isLow: Bool) -> PackedMessages? { isLow ? packed.low : packed.high }

  private func decode(
    _ octets: Span<UInt8>, _ isLow: Bool, _ isFirst: Bool, _ out: inout TextBuffer
  ) {
    decoder(isLow)?.decode(octets) {
      printer.append($0, ofFirst: isFirst, &out)
      return true
    }
  }

  private func decoder(_ isLow: Bool) -> ContentDecoder? { isLow ? decoders.low : decoders.high }

  private func set(_ decoder: ContentDecoder?, _ isLow: Bool) {
    if isLow { decoders.low = decoder } else { decoders.high = decoder }
  }
}
