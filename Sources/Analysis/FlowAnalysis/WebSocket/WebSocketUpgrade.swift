import PacketWire

/// The fields of a head that are of a WebSocket's handshake (RFC 6455 §11.3).
struct WebSocketFields: Hashable, Sendable {
  var key: UntrustedText?
  var accept: UntrustedText?
  var version: UntrustedText?
  var protocols: UntrustedText?
  var extensions: UntrustedText?
}

/// What a request for a WebSocket offers (RFC 6455 §4.1).
public struct WebSocketOffer: Hashable, Sendable {
  /// Sec-WebSocket-Key.
  public var key: UntrustedText?
  /// Sec-WebSocket-Version.
  public var version: UntrustedText?
  /// Sec-WebSocket-Protocol: what the client could speak on it, the best first.
  public var protocols: UntrustedText?
  /// Sec-WebSocket-Extensions.
  public var extensions: UntrustedText?

  init(_ fields: WebSocketFields) {
    (key, version, protocols) = (fields.key, fields.version, fields.protocols)
    extensions = fields.extensions
  }

  /// What the answer to the key has to be; nil without a key.
  var accept: String? {
    key.map { WebSocketKey.accept(for: String(decoding: $0.octets, as: UTF8.self)) }
  }

  /// What is not as it has to be.
  public var problems: [WebSocketHandshakeProblem] {
    var problems: [WebSocketHandshakeProblem] = []
    if !(key.map { WebSocketKey.isValid(String(decoding: $0.octets, as: UTF8.self)) } ?? false) {
      problems.append(.badKey)
    }
    if !(version?.isSameASCII(as: "13") ?? false) { problems.append(.otherVersion) }
    return problems
  }
}

/// What a server agrees to with the status 101 (RFC 6455 §4.2.2).
public struct WebSocketAgreement: Hashable, Sendable {
  /// Whether the server has proved that it has read the key.
  public enum Accept: Hashable, Sendable {
    /// It is the key's.
    case right
    /// It should have been this.
    case wrong(expected: String)
    /// There is none.
    case missing
    /// The request is not in the capture, or has no key.
    case unchecked
  }

  /// Sec-WebSocket-Accept, beside the request's key.
  public var accept: Accept
  /// Sec-WebSocket-Protocol: what is spoken on it.
  public var subprotocol: UntrustedText?
  /// Sec-WebSocket-Extensions.
  public var extensions: UntrustedText?
  /// Messages may be packed so.
  public var deflate: PermessageDeflate?
  /// What is not as it has to be.
  public var problems: [WebSocketHandshakeProblem] = []

  init(_ fields: WebSocketFields?, to offer: WebSocketOffer?) {
    (subprotocol, extensions) = (fields?.protocols, fields?.extensions)
    if let given = fields?.accept {
      let expected = offer?.accept
      accept =
        expected.map { given.octets.elementsEqual($0.utf8) ? .right : .wrong(expected: $0) }
        ?? .unchecked
    } else {
      accept = .missing
    }
    switch accept {
    case .wrong: problems.append(.wrongAccept)
    case .missing: problems.append(.noAccept)
    case .right, .unchecked: break
    }
    let agreed = extensions.map { WebSocketExtension.list($0) } ?? []
    // The first counts: the second would have to unpack what is no longer packed (RFC 7692 §5.1).
    deflate = agreed.lazy.compactMap { PermessageDeflate($0) }.first
    if agreed.contains(where: { $0.isNamed(PermessageDeflate.name) }), deflate == nil {
      problems.append(.badDeflate)
    }
    if let offer { compare(agreed, with: offer) }
  }

  /// A server chooses only from what it was offered (RFC 6455 §4.1).
  private mutating func compare(_ agreed: [WebSocketExtension], with offer: WebSocketOffer) {
    let offered = offer.extensions.map { WebSocketExtension.list($0) } ?? []
    if agreed.contains(where: { chosen in !offered.contains { $0.name == chosen.name } }) {
      problems.append(.unofferedExtension)
    }
    guard let subprotocol else { return }
    let names = (offer.protocols?.octets ?? []).split(separator: UInt8(ascii: ","))
    let isOffered = names.contains { name in
      name.filter { $0 != ASCII.space && $0 != ASCII.tab } == subprotocol.octets
    }
    if !isOffered { problems.append(.unofferedProtocol) }
  }
}

/// Why a handshake is not as RFC 6455 §4 has it.
public enum WebSocketHandshakeProblem: Hashable, Sendable {
  /// The key is missing, or is not sixteen octets in Base64 (§4.1).
  case badKey
  /// A version other than 13 is wanted (§4.1).
  case otherVersion
  /// Sec-WebSocket-Accept does not belong to the key (§4.2.2).
  case wrongAccept
  /// There is no Sec-WebSocket-Accept (§4.2.2).
  case noAccept
  /// A subprotocol that was not offered (§4.1).
  case unofferedProtocol
  /// An extension that was not offered (§4.1).
  case unofferedExtension
  /// Parameters of permessage-deflate that cannot be (RFC 7692 §7).
  case badDeflate

  /// In a few words of ASCII, with the rule.
  public var words: String {
    switch self {
    case .badKey: "the key is not 16 bytes in Base64 (RFC 6455 4.1)"
    case .otherVersion: "the version is not 13 (RFC 6455 4.1)"
    case .wrongAccept: "Sec-WebSocket-Accept is wrong for the key (RFC 6455 4.2.2)"
    case .noAccept: "Sec-WebSocket-Accept is missing (RFC 6455 4.2.2)"
    case .unofferedProtocol: "the subprotocol was not offered (RFC 6455 4.1)"
    case .unofferedExtension: "an extension was not offered (RFC 6455 4.1)"
    case .badDeflate: "permessage-deflate has parameters that cannot be (RFC 7692 7)"
    }
  }
}
