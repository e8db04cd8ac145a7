import PacketWire

extension StreamReader {
  /// Finds messages in octets that are next; what is needed when the last one is not whole.
  mutating func find(
    _ octets: Span<UInt8>, _ piece: Piece, _ output: inout StreamOutput
  ) -> MessageNeed? {
    if application == .undecided { application = Self.recognize(octets, piece) }
    if application == .http { http.isAround = true }
    output.isInHTTP = http.isAround || Self.isHTTP(piece.ports)
    switch application {
    case .undecided: return nil
    case .http: return findHTTP(octets, piece, &output)
    case .tls: return findTLS(octets, piece, &output)
    case .webSocket: return findFrames(octets, from: 0, piece, &output)
    case .http2: return findHTTP2(octets, from: 0, piece, &output)
    case .dns: return findDNS(octets, piece, &output)
    }
  }

  private static func recognize(_ octets: Span<UInt8>, _ piece: Piece) -> Application {
    switch StreamStart(octets) {
    case .http2: return .http2
    case .tlsClient, .tlsServer: return .tls
    case .httpRequest, .httpResponse, .needsMore, .unknown: break
    }
    switch ApplicationProtocol.recognize(stream: octets) {
    case .http?: return .http
    case .tls?: return .tls
    default: break
    }
    let ports = [piece.ports.source, piece.ports.destination]
    if ApplicationProtocol.ofStreams(on: piece.ports)?.isDNS ?? false { return .dns }
    if isHTTP(piece.ports) { return .http }
    if ports.contains(443) { return .tls }
    return .undecided
  }

  private static func isHTTP(_ ports: (source: UInt16, destination: UInt16)) -> Bool {
    isHTTP(ports.source) || isHTTP(ports.destination)
  }

  /// Ports on which whatever comes is taken for HTTP.
  private static func isHTTP(_ port: UInt16) -> Bool {
    switch port {
    case 80, 3128, 5985, 8080, 8088: true
    default: false
    }
  }

  /// DNS over TCP (RFC 7766 §8): the length stands before each message.
  private func findDNS(
    _ octets: Span<UInt8>, _ piece: Piece, _ output: inout StreamOutput
  ) -> MessageNeed? {
    var offset = 0
    while offset < octets.count {
      let available = piece.count &- offset
      guard available >= 2, offset &+ 2 <= octets.count else {
        return piece.canWait ? MessageNeed(offset: offset, amount: .segment) : nil
      }
      let length = Int(octets.u16(at: offset))
      guard length >= DNSMessage.headerLength else { return nil }
      if available < length &+ 2, piece.canWait {
        return MessageNeed(offset: offset, amount: .octets(length &+ 2 &- available))
      }
      output.add(.dns, offset &+ 2, min(offset &+ 2 &+ length, octets.count))
      offset &+= 2 &+ length
    }
    return nil
  }

  /// HTTP/2 frames (RFC 9113 §4.1), behind the client's preface (§3.4).
  func findHTTP2(
    _ octets: Span<UInt8>, from start: Int, _ piece: Piece, _ output: inout StreamOutput
  ) -> MessageNeed? {
    let preface = 24, header = 9
    var offset = start
    while offset < octets.count {
      let available = piece.count &- offset
      guard available >= header, offset &+ header <= octets.count else {
        return piece.canWait ? MessageNeed(offset: offset, amount: .segment) : nil
      }
      let isPreface = octets[offset] == 0x50 && octets.u16(at: offset) == 0x5052
      let length =
        isPreface
        ? preface : header &+ Int(octets[offset]) << 16 &+ Int(octets.u16(at: offset &+ 1))
      if available < length, piece.canWait {
        return MessageNeed(offset: offset, amount: .octets(length &- available), kept: header)
      }
      if !isPreface { output.add(.http2, offset, offset &+ header) }
      offset &+= length
    }
    return nil
  }

  /// WebSocket frames (RFC 6455 §5.2).
  func findFrames(
    _ octets: Span<UInt8>, from start: Int, _ piece: Piece, _ output: inout StreamOutput
  ) -> MessageNeed? {
    var offset = start
    while offset < octets.count {
      var reader = PacketReader(octets.extracting(offset..<octets.count))
      guard let header = try? WebSocketFrameHeader(parsing: &reader) else {
        return piece.canWait ? MessageNeed(offset: offset, amount: .segment) : nil
      }
      let available = piece.count &- offset
      guard let length = Int(exactly: header.payloadLength), length < 1 << 40 else { return nil }
      let needed = header.length &+ length
      if available < needed, piece.canWait {
        return MessageNeed(
          offset: offset, amount: .octets(needed &- available), kept: header.length)
      }
      output.add(.webSocket, offset, offset &+ header.length)
      offset &+= needed
    }
    return nil
  }
}
