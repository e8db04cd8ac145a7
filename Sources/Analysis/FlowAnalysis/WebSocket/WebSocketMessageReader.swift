import PacketText
import PacketWire

/// A message in progress: counts, unpacks and checks it, and keeps its beginning.
struct WebSocketMessageReader: Sendable {
  /// What unpacks to more than this is not read to its end: a thousand times a capture is no use to
  /// anybody.
  private static let maximumUnpacked: Int64 = 16 << 20

  private(set) var message: WebSocketMessage
  /// Text that is none was seen.
  private(set) var isBadText = false
  private(set) var isDamaged = false
  private var checker = UTF8Checker()
  private var start: [UInt8] = []
  private var isCut = false

  init(number: Int, _ header: WebSocketFrameHeader, first: PacketMark, isPacked: Bool) {
    message = WebSocketMessage(number: number, isText: header.opcode == .text, first: first)
    if isPacked { message.packing = .unpacked }
  }

  /// It cannot be unpacked.
  mutating func leavePacked() {
    guard message.packing == .unpacked else { return }
    (message.packing, message.octets) = (.packed, nil)
  }

  /// Takes the next octets of a frame.
  mutating func take(
    _ octets: Span<UInt8>, _ unpacker: inout MessageUnpacker?, _ shared: inout StreamShared
  ) {
    message.sentOctets += Int64(octets.count)
    switch message.packing {
    case .none: read(octets)
    case .packed: break
    case .unpacked:
      unpack(&unpacker) { $0.unpack(octets, &shared, $1) }
    }
  }

  /// Octets of the frame are missing.
  mutating func skip(_ missing: Int64, _ unpacker: inout MessageUnpacker?) {
    message.sentOctets += missing
    leavePacked()
    unpacker?.lose()
    if let octets = message.octets { message.octets = octets + missing }
    // What follows may begin inside of a character.
    (checker, isCut) = (UTF8Checker(), true)
    isSkipped = true
  }

  private var isSkipped = false

  /// Ends a frame.
  mutating func endFrame(
    isFinal: Bool, _ unpacker: inout MessageUnpacker?, _ shared: inout StreamShared
  ) {
    message.frames += 1
    message.isWhole = isFinal
    if isFinal {
      if message.packing == .unpacked {
        unpack(&unpacker) { $0.finish(&shared, $1) }
      }
      let isRead = message.octets != nil && !isSkipped
      if message.isText, isRead, !checker.isBetweenCharacters { isBadText = true }
    }
    message.start = UntrustedText(start.span, limit: start.count, isCut: isCut)
  }

  private mutating func unpack(
    _ unpacker: inout MessageUnpacker?,
    _ step: (inout MessageUnpacker, (Span<UInt8>) -> Bool) -> Bool
  ) {
    guard var machine = unpacker else { return leavePacked() }
    var copy = self
    let isRead = step(&machine) { octets in
      copy.read(octets)
      return (copy.message.octets ?? 0) <= Self.maximumUnpacked
    }
    self = copy
    unpacker = machine
    guard !isRead else { return }
    isDamaged = (message.octets ?? 0) <= Self.maximumUnpacked
    leavePacked()
  }

  /// Reads octets of the message itself.
  private mutating func read(_ octets: Span<UInt8>) {
    message.octets = (message.octets ?? 0) + Int64(octets.count)
    let room = isSkipped ? 0 : WebSocketMessage.maximumStart - start.count
    for index in 0..<min(room, octets.count) { start.append(octets[index]) }
    if octets.count > room { isCut = true }
    guard message.isText, !isBadText, !isSkipped else { return }
    for index in octets.indices where !checker.accepts(octets[index]) {
      isBadText = true
      return
    }
  }
}
