/// Keys for what the packets hold enciphered: a Decryption Secrets Block
/// (draft-ietf-opsawg-pcapng §4.7).
public struct DecryptionSecrets: Hashable, Sendable {
  /// What the secrets are for, and their format.
  public struct Kind: RawRepresentable, Hashable, Sendable {
    /// The file's number.
    public var rawValue: UInt32

    /// The kind of a number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// TLS and QUIC, in the format of SSLKEYLOGFILE.
    public static let tlsKeyLog = Kind(rawValue: 0x544c_534b)
    /// SSH, a line a key exchange.
    public static let sshKeyLog = Kind(rawValue: 0x5353_484b)
    /// WireGuard, a line a key.
    public static let wireGuardKeyLog = Kind(rawValue: 0x5747_4b4c)
    /// ZigBee's network key, and the network's identifier.
    public static let zigBeeNetworkKey = Kind(rawValue: 0x5a4e_574b)
    /// ZigBee's application key, and its devices.
    public static let zigBeeApplicationKey = Kind(rawValue: 0x5a41_5053)
  }

  /// What they are for.
  public var kind: Kind
  /// The secrets.
  public var octets: [UInt8]
  /// What somebody noted about them (opt_comment): hostile text.
  public var comments: [String]

  /// Secrets as described by their parts.
  public init(_ kind: Kind, _ octets: [UInt8], comments: [String] = []) {
    (self.kind, self.octets, self.comments) = (kind, octets, comments)
  }
}
