import PacketWire

extension PacketPrinter {
  /// Appends the packets of a datagram that looks like QUIC (RFC 9000 §12.2), up to one that is cut.
  mutating func appendQUIC(_ datagram: Span<UInt8>, into out: inout TextBuffer) {
    out.append("quic")
    var reader = PacketReader(datagram)
    while reader.available > 0 {
      guard let header = try? QUICHeader(parsing: &reader) else {
        return appendCut("quic", into: &out)
      }
      append(header, into: &out)
      guard header.payloadLength <= reader.available else {
        return appendCut("quic", into: &out)
      }
      _ = try? reader.take(header.payloadLength, for: .quic)
      // Zeros behind a packet fill the datagram up.
      while reader.available > 0, reader.remaining[0] == 0 { _ = try? reader.take(1, for: .quic) }
    }
  }

  private func append(_ header: QUICHeader, into out: inout TextBuffer) {
    switch header {
    case .short: out.append(", protected")
    case .long(let header):
      append(header.type, into: &out)
      if header.version > 1 {
        out.append(", v")
        out.append(hex: header.version, digits: 1)
      }
      append(identifier: header.destination, ", dcid ", into: &out)
      append(identifier: header.source, ", scid ", into: &out)
      switch header.content {
      case .versions(let versions):
        for version in versions {
          out.append(", version 0x")
          out.append(hex: version, digits: 1)
        }
      case .retry(let token, _):
        out.append(", token ")
        out.append(hexOf: token.span)
      case .packet(let token, let length, _):
        append(", token ", token, into: &out)
        out.append(", length ")
        out.append(decimal: length)
      }
    }
  }

  /// RFC 9000 §17.2: identifiers of more than 20 octets belong to other versions.
  private func append(identifier: [UInt8], _ label: String, into out: inout TextBuffer) {
    guard identifier.count <= 20 else { return }
    append(label, identifier, into: &out)
  }

  private func append(_ label: String, _ octets: [UInt8], into out: inout TextBuffer) {
    guard !octets.isEmpty else { return }
    out.append(label)
    out.append(hexOf: octets.span)
  }

  private func append(_ type: QUICLongHeader.PacketType, into out: inout TextBuffer) {
    switch type {
    case .versionNegotiation: out.append(", version negotiation")
    case .initial: out.append(", initial")
    case .zeroRTT: out.append(", 0-rtt")
    case .handshake: out.append(", handshake")
    case .retry: out.append(", retry")
    }
  }
}
