import PacketText
import PacketWire

extension PacketField {
  /// TLS records (RFC 8446 §5.1), with the segment in which they end.
  static let tls: [PacketField] = [
    .init(
      "tls.record.content_type", .unsigned(8),
      "what a record holds; data of TLS 1.3 can be anything",
      in: .tlsRecord,
      .function { layer, _, octets, cell, out in
        guard layer.dataStart == 0, let start = layer.place(0, 1) else { return }
        cell.append(decimal: octets[start], &out)
      }),
    .init(
      "tls.record.length", .unsigned(16), "length of a record's body", in: .tlsRecord, .word(at: 3)),
    .init(
      "tls.record.version", .unsigned(16), "version that a record says", in: .tlsRecord,
      .hex(at: 1, mask: 0xffff)
    ),
  ]

  /// Handshake messages (RFC 8446 §4), their headers left out.
  static let tlsHandshake: [PacketField] = [
    .init(
      "tls.handshake.type", .unsigned(8), "what a handshake message is", in: .tlsHandshake,
      .function { layer, _, _, cell, out in cell.append(decimal: layer.dataStart, &out) }),
    hello("tls.handshake.version", .unsigned(16), "version that a hello says") {
      body, _, cell, out in
      if body.count >= 2 { cell.append(hex: body.u16(at: 0), &out) }
    },
    tlsExtension(
      "tls.handshake.extensions_server_name", .string, "name that a client asks for", .serverName
    ) { value, _, cell, out in
      forEachName(value, lengthOctets: 2, after: 1) {
        cell.append(text: value.extracting($0), &out)
      }
    },
    tlsExtension(
      "tls.handshake.extensions_alpn_str", .string, "protocols inside that are offered or chosen",
      .applicationProtocols
    ) { value, _, cell, out in
      forEachName(value, lengthOctets: 1, after: 0) {
        cell.append(text: value.extracting($0), &out)
      }
    },
    hello("tls.handshake.ciphersuite", .unsigned(16), "cipher suites that are offered or chosen") {
      body, isClient, cell, out in
      guard body.count >= 35 else { return }
      let start = 35 &+ Int(body[34])
      guard start &+ 2 <= body.count else { return }
      guard isClient else { return cell.append(hex: body.u16(at: start), &out) }
      let end = min(start &+ 2 &+ Int(body.u16(at: start)), body.count)
      for place in stride(from: start &+ 2, to: end &- 1, by: 2) {
        cell.append(hex: body.u16(at: place), &out)
      }
    },
    tlsExtension(
      "tls.handshake.extensions.supported_version", .unsigned(16),
      "versions that are offered, or chosen",
      .supportedVersions
    ) { value, isClient, cell, out in
      let start = isClient ? 1 : 0
      for place in stride(from: start, to: value.count &- 1, by: 2) {
        cell.append(hex: value.u16(at: place), &out)
      }
    },
  ]

  /// Fingerprints of whole hellos.
  static let tlsFingerprints: [PacketField] = [
    fingerprint("tls.handshake.ja3", "JA3 of a client") { hello, _ in hello.ja3 },
    fingerprint("tls.handshake.ja3_full", "what JA3 is the digest of") { hello, _ in hello.ja3Text
    },
    fingerprint("tls.handshake.ja4", "JA4 of a client") { $0.ja4(isQUIC: $1) },
    fingerprint("tls.handshake.ja4_r", "JA4 with what was digested") { $0.ja4Text(isQUIC: $1) },
    serverFingerprint("tls.handshake.ja3s", "JA3S of a server") { $0.ja3s },
    serverFingerprint("tls.handshake.ja3s_full", "what JA3S is the digest of") { $0.ja3sText },
  ]

  /// A field of a whole ClientHello; the function is told whether QUIC carries it.
  private static func fingerprint(
    _ name: String, _ meaning: String, _ text: @escaping @Sendable (ClientHello, Bool) -> String
  ) -> PacketField {
    .init(
      name, .string, meaning, in: .tlsHandshake,
      .function { layer, _, octets, cell, out in
        guard layer.dataStart == Int(ClientHello.handshakeType) else { return }
        var reader = PacketReader(octets.extracting(layer.start..<layer.end))
        guard let hello = try? ClientHello(parsing: &reader) else { return }
        cell.append(text: text(hello, layer.isFromQUIC), &out)
      })
  }

  /// A field of a whole ServerHello.
  private static func serverFingerprint(
    _ name: String, _ meaning: String, _ text: @escaping @Sendable (ServerHello) -> String
  ) -> PacketField {
    .init(
      name, .string, meaning, in: .tlsHandshake,
      .function { layer, _, octets, cell, out in
        guard layer.dataStart == Int(ServerHello.handshakeType) else { return }
        var reader = PacketReader(octets.extracting(layer.start..<layer.end))
        guard let hello = try? ServerHello(parsing: &reader) else { return }
        cell.append(text: text(hello), &out)
      })
  }

  private typealias HelloFunction =
    @Sendable (Span<UInt8>, Bool, inout FieldCell, inout TextBuffer) -> Void

  /// A field of the body of a ClientHello or ServerHello; the function is told which it is.
  private static func hello(
    _ name: String, _ type: FieldType, _ meaning: String, _ append: @escaping HelloFunction
  ) -> PacketField {
    .init(
      name, type, meaning, in: .tlsHandshake,
      .function { layer, _, octets, cell, out in
        let isClient = layer.dataStart == Int(ClientHello.handshakeType)
        guard isClient || layer.dataStart == Int(ServerHello.handshakeType) else { return }
        append(octets.extracting(layer.start..<layer.end), isClient, &cell, &out)
      })
  }

  /// A field of the extensions of one type, also of those in EncryptedExtensions.
  private static func tlsExtension(
    _ name: String, _ valueType: FieldType, _ meaning: String, _ type: TLSExtensionType,
    _ append: @escaping HelloFunction
  ) -> PacketField {
    hello(name, valueType, meaning) { body, isClient, cell, out in
      guard var offset = extensionsStart(body, isClient) else { return }
      while offset &+ 4 <= body.count {
        let end = offset &+ 4 &+ Int(body.u16(at: offset &+ 2))
        guard end <= body.count else { return }
        if body.u16(at: offset) == type.rawValue {
          append(body.extracting(offset &+ 4..<end), isClient, &cell, &out)
        }
        offset = end
      }
    }
  }

  /// Where the first extension of a hello stands.
  private static func extensionsStart(_ body: Span<UInt8>, _ isClient: Bool) -> Int? {
    guard body.count >= 35 else { return nil }
    var offset = 35 &+ Int(body[34])
    if isClient {
      guard offset &+ 2 <= body.count else { return nil }
      offset &+= 2 &+ Int(body.u16(at: offset))
      guard offset < body.count else { return nil }
      offset &+= 1 &+ Int(body[offset])
    } else {
      offset &+= 3
    }
    return offset &+ 2
  }

  /// Calls `body` with where each name of a list stands (RFC 6066 §3, RFC 7301 §3.1): before each is
  /// its length, and `after` octets of another kind are before that.
  private static func forEachName(
    _ value: Span<UInt8>, lengthOctets: Int, after skipped: Int, _ body: (Range<Int>) -> Void
  ) {
    var offset = 2
    while offset &+ skipped &+ lengthOctets <= value.count {
      offset &+= skipped
      let length = lengthOctets == 1 ? Int(value[offset]) : Int(value.u16(at: offset))
      offset &+= lengthOctets
      guard offset &+ length <= value.count else { return }
      body(offset..<offset &+ length)
      offset &+= length
    }
  }
}
