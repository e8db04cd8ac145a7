import PacketWire

/// Kinds of messages that are looked for, since somebody asked for fields of them.
struct MessageKinds: OptionSet, Sendable {
  var rawValue: UInt8

  static let dns = Self(rawValue: 1)
  static let http = Self(rawValue: 2)
  static let quic = Self(rawValue: 4)
  /// What only streams have.
  static let stream = Self(rawValue: 8)
  /// Handshake messages of TLS, which QUIC has too.
  static let hello = Self(rawValue: 16)

  static let all: Self = [.dns, .http, .quic, .stream, .hello]

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The messages that have to be looked for to fill in a field.
  init(of field: PacketField) {
    self = field.needs.contains(.protocols) ? .all : Self(of: field.layer)
  }

  /// The messages that layers of this kind are, or are found with.
  private init(of layer: FieldLayer.Kind) {
    switch layer {
    case .dns, .dnsQuestion, .dnsRecord: self = .dns
    case .http: self = [.http, .stream]
    case .tcpReassembly, .tls, .tlsRecord, .webSocket, .http2: self = .stream
    case .tlsHandshake: self = [.stream, .hello]
    case .quic: self = .quic
    default: self = []
    }
  }

  /// The stream of a segment is read: for DNS only those of its ports.
  func needs(streamOn octets: Span<UInt8>, _ layer: FieldLayer) -> Bool {
    if contains(.stream) { return true }
    guard contains(.dns), let start = layer.place(0, 4) else { return false }
    let ports = (octets.u16(at: start), octets.u16(at: start &+ 2))
    return ApplicationProtocol.ofStreams(on: ports)?.isDNS ?? false
  }
}
