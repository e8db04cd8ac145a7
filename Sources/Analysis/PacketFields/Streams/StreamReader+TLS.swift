import PacketWire

/// What is known of a TLS connection.
struct TLSState: Sendable {
  /// The server chose version 1.3, in which records of data can be anything (RFC 8446 §5.2).
  var isVersion13 = false
}

extension StreamReader {
  /// Finds records (RFC 8446 §5.1), and the handshake messages in them.
  mutating func findTLS(
    _ octets: Span<UInt8>, _ piece: Piece, _ output: inout StreamOutput
  ) -> MessageNeed? {
    output.add(.tls, 0, octets.count)
    var offset = 0
    while offset < octets.count {
      let available = piece.count &- offset
      guard (20...24).contains(octets[offset]) else { return nil }
      let need = MessageNeed(offset: offset, amount: .segment)
      guard available >= TLSRecordHeader.length else { return piece.canWait ? need : nil }
      var reader = PacketReader(octets.extracting(offset..<octets.count))
      guard let header = try? TLSRecordHeader(parsing: &reader), header.isPlausible else {
        return nil
      }
      let start = offset &+ TLSRecordHeader.length
      let end = start &+ Int(header.bodyLength)
      // So that what follows is found, even if octets of this record are missing.
      let rest = MessageNeed(offset: offset, amount: .octets(end &- piece.count))
      if end > piece.count { return piece.canWait ? rest : nil }
      let isOpaque = tls.isVersion13 && header.type == .applicationData
      output.add(.tlsRecord, offset, start, detail: isOpaque ? 1 : 0)
      switch header.type {
      case .changeCipherSpec: self[piece.isFromLow].isEnciphered = true
      case .handshake:
        readHandshake(octets, start, end, piece.isFromLow, &output)
      default: break
      }
      offset = end
    }
    return nil
  }

  /// Reads a handshake record's body, `start..<end`, of which the capture may hold less.
  private mutating func readHandshake(
    _ octets: Span<UInt8>, _ start: Int, _ end: Int, _ side: Bool, _ output: inout StreamOutput
  ) {
    var offset = start
    let captured = min(end, octets.count)
    if self[side].handshake.heldOctets > 0 {
      return goOnWithHandshake(octets.extracting(start..<captured), side, &output)
    }
    while offset &+ TLSHandshakeHeader.length <= captured {
      let body = offset &+ TLSHandshakeHeader.length
      let next = body &+ (Int(octets.u32(at: offset)) & 0xff_ffff)
      // What is enciphered looks like a message by chance, but is not as long as its record.
      guard Self.isHandshake(octets[offset]), next == end || !self[side].isEnciphered else {
        return
      }
      guard next <= end else {
        if captured == end {
          self[side].handshake.append(octets.extracting(offset..<end))
        }
        return
      }
      note(octets[offset], octets.extracting(body..<min(next, captured)))
      output.add(
        .tlsHandshake, body, min(next, captured), detail: Int(octets[offset]))
      offset = next
    }
  }

  private mutating func goOnWithHandshake(
    _ octets: Span<UInt8>, _ side: Bool, _ output: inout StreamOutput
  ) {
    self[side].handshake.append(octets)
    while let message = self[side].handshake.next() {
      note(message.type, message.body.span)
      output.add(.tlsHandshake, message.body, detail: Int(message.type))
    }
    if self[side].handshake.isLost { self[side].handshake = TLSHandshakeAssembler() }
  }

  private mutating func note(_ type: UInt8, _ body: Span<UInt8>) {
    guard type == ServerHello.handshakeType else { return }
    var reader = PacketReader(body)
    guard let hello = try? ServerHello(parsing: &reader) else { return }
    tls.isVersion13 = hello.chosenVersion == 0x0304
  }

  /// A type of handshake message that exists (IANA "TLS HandshakeType").
  private static func isHandshake(_ type: UInt8) -> Bool {
    switch type {
    case 0...6, 8, 11...16, 20...25, 67, 254: true
    default: false
    }
  }
}
