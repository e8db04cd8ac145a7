/// Something that a capture does not show: what, why, and how it could be seen. All sentences are
/// printable ASCII.
public struct BlindSpot: Hashable, Sendable {
  /// What cannot be seen.
  public var kind: Kind
  /// What it is and where.
  public var what: String
  /// Why it is not there to be read.
  public var why: String
  /// What to do to see it.
  public var how: String

  /// Why something cannot be seen.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// What is said behind TLS.
    case tls
    /// The certificate of TLS 1.3.
    case certificate
    /// The name inside of an enciphered ClientHello.
    case encryptedHello
    /// What is said over QUIC.
    case quic
    /// Look-ups over TLS or QUIC, on a port of their own.
    case dnsOverTLS
    /// Look-ups over HTTPS, where a known resolver is the server.
    case dnsOverHTTPS
    /// Names that were known before.
    case cachedNames
    /// What a connection did before the capture.
    case beginning
    /// Octets that were sent and are not here.
    case gaps
    /// What the snapshot length cut off.
    case cutFrames
    /// Segments as the wire has them.
    case joinedFrames

    /// A word for programs.
    public var keyword: String {
      rawValue.reduce(into: "") { word, letter in
        let startsWord = letter.isUppercase && word.last?.isUppercase != true
        word += startsWord ? "-\(letter)" : "\(letter)"
      }.lowercased()
    }

    /// The packets are missing, and not only their meaning.
    public var isMissing: Bool {
      switch self {
      case .beginning, .gaps, .cutFrames, .joinedFrames: true
      default: false
      }
    }
  }

  /// What and why.
  var sentence: String { "\(what) \(why)" }
}
