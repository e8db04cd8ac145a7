/// Puts handshake messages together from the bodies of handshake records: a message may begin in one
/// record and end in another, and a record may hold several (RFC 8446 §5.1).
///
/// It holds no more than one message of `maximumLength` octets beside the record that comes in.
public struct TLSHandshakeAssembler: Sendable {
  /// A whole message.
  public struct Message: Hashable, Sendable {
    /// What it is; see `TLSHandshakeHeader`.
    public var type: UInt8
    /// Without its header.
    public var body: [UInt8]

    /// A message from its parts.
    public init(type: UInt8, body: [UInt8]) { (self.type, self.body) = (type, body) }
  }

  /// Messages are shorter than this, even chains of certificates and hellos with post-quantum keys.
  public static let maximumLength = 65_536

  /// What is left of what came in.
  private var held: [UInt8] = []
  /// A message was too long to be one, so that nothing behind it is read.
  public private(set) var isLost = false

  /// Nothing has come yet.
  public init() {}

  /// How many octets wait for the rest of their message.
  public var heldOctets: Int { held.count }

  /// Takes in the body of a record, or the next part of it. Call `next()` until there is none before
  /// more is appended.
  public mutating func append(_ octets: Span<UInt8>) {
    guard !isLost else { return }
    held.append(copying: octets)
  }

  /// The next whole message, if there is one.
  public mutating func next() -> Message? {
    let begun = held
    var reader = PacketReader(begun.span)
    guard let header = try? TLSHandshakeHeader(parsing: &reader) else { return nil }
    let length = Int(header.bodyLength)
    guard length <= Self.maximumLength - TLSHandshakeHeader.length else {
      isLost = true
      removeAll()
      return nil
    }
    guard let body = try? reader.take(length, for: .tls) else { return nil }
    let message = Message(type: header.type, body: Array(copying: body))
    held = Array(begun[(TLSHandshakeHeader.length + length)...])
    return message
  }

  /// Forgets what waits.
  public mutating func removeAll() { held = [] }
}
