/// What a TLS record carries (RFC 8446 §5.1).
public enum TLSRecordType: UInt8, Hashable, Sendable {
  case changeCipherSpec = 20
  case alert = 21
  case handshake = 22
  case applicationData = 23
  case heartbeat = 24
}

/// The header of a TLS record (RFC 8446 §5.1).
///
///      0             8                          24                         40
///     +-------------+---------------------------+---------------------------+
///     |    type     |          version          |          length           |
///     +-------------+---------------------------+---------------------------+
public struct TLSRecordHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 5
  /// The longest body that any version allows: 2^14 + 2048 octets (RFC 5246 §6.2.3).
  public static let maximumBodyLength = 16_384 + 2_048

  /// What it carries, as a number.
  public var typeNumber: UInt8
  /// 0x0303, and 0x0301 in a first ClientHello, whatever the version is.
  public var version: UInt16
  /// Of the body, in octets.
  public var bodyLength: UInt16

  /// What it carries, if that has a name.
  public var type: TLSRecordType? { TLSRecordType(rawValue: typeNumber) }
  /// The type is known, the version is one of SSL 3.0 to TLS 1.3, and the length is allowed.
  public var isPlausible: Bool {
    type != nil && (0x0300...0x0304).contains(version)
      && Int(bodyLength) <= Self.maximumBodyLength
  }

  /// A header from its fields.
  public init(_ type: TLSRecordType, version: UInt16, bodyLength: UInt16) {
    (typeNumber, self.version, self.bodyLength) = (type.rawValue, version, bodyLength)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .tls)
    (typeNumber, version, bodyLength) = (fixed[0], fixed.u16(at: 1), fixed.u16(at: 3))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(typeNumber)
    out.append(bigEndian: version)
    out.append(bigEndian: bodyLength)
  }
}

/// The header of a handshake message (RFC 8446 §4), which may begin in one record and end in another.
public struct TLSHandshakeHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 4

  /// 1 ClientHello, 2 ServerHello, 4 session ticket, 11 Certificate, 12 key exchange, 14 done, 16 client
  /// key exchange, 20 Finished.
  public var type: UInt8
  /// Of the message, in octets; 24 bits.
  public var bodyLength: UInt32

  /// A header from its fields.
  public init(type: UInt8, bodyLength: UInt32) {
    (self.type, self.bodyLength) = (type, bodyLength & 0xff_ffff)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let word = try reader.take(Self.length, for: .tls).u32(at: 0)
    (type, bodyLength) = (UInt8(truncatingIfNeeded: word >> 24), word & 0xff_ffff)
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: UInt32(type) << 24 | bodyLength & 0xff_ffff)
  }

  /// The name of a message type (RFC 5246 §7.4, RFC 8446 §4, RFC 6066 §8); nil for a number without one.
  public static func name(of type: UInt8) -> String? {
    switch type {
    case 0: "HelloRequest"
    case 1: "ClientHello"
    case 2: "ServerHello"
    case 4: "NewSessionTicket"
    case 5: "EndOfEarlyData"
    case 8: "EncryptedExtensions"
    case 11: "Certificate"
    case 12: "ServerKeyExchange"
    case 13: "CertificateRequest"
    case 14: "ServerHelloDone"
    case 15: "CertificateVerify"
    case 16: "ClientKeyExchange"
    case 20: "Finished"
    case 22: "CertificateStatus"
    case 24: "KeyUpdate"
    default: nil
    }
  }
}

/// An alert that is not enciphered (RFC 8446 §6).
public struct TLSAlert: Hashable, Sendable {
  /// In octets.
  public static let length = 2

  /// 1 is a warning, 2 is fatal.
  public var level: UInt8
  /// Why: IANA "TLS Alerts".
  public var reason: UInt8

  /// The reason's name (RFC 8446 §6), nil for a number without one.
  public var name: String? {
    switch reason {
    case 0: "close_notify"
    case 10: "unexpected_message"
    case 20: "bad_record_mac"
    case 22: "record_overflow"
    case 40: "handshake_failure"
    case 42: "bad_certificate"
    case 43: "unsupported_certificate"
    case 44: "certificate_revoked"
    case 45: "certificate_expired"
    case 46: "certificate_unknown"
    case 47: "illegal_parameter"
    case 48: "unknown_ca"
    case 49: "access_denied"
    case 50: "decode_error"
    case 51: "decrypt_error"
    case 70: "protocol_version"
    case 71: "insufficient_security"
    case 80: "internal_error"
    case 86: "inappropriate_fallback"
    case 90: "user_canceled"
    case 109: "missing_extension"
    case 110: "unsupported_extension"
    case 112: "unrecognized_name"
    case 116: "certificate_required"
    case 120: "no_application_protocol"
    default: nil
    }
  }

  /// An alert from its fields.
  public init(level: UInt8, reason: UInt8) { (self.level, self.reason) = (level, reason) }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .tls)
    (level, reason) = (fixed[0], fixed[1])
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(level)
    out.append(reason)
  }
}
