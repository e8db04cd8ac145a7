/// The multipath option of TCP, kind 30 (RFC 8684 §3; version 0: RFC 6824 §3): what stands behind its
/// kind and length.
///
///      0       4       8
///     +-------+-------+----------------------------------------+
///     |subtype|       what the subtype makes of it …           |
///     +-------+-------+----------------------------------------+
///
/// It keeps its octets, and reads them when somebody asks what they say.
public struct MultipathOption: Hashable, Sendable {
  /// Of the TCP option.
  public static let kind: UInt8 = 30

  let octets: OptionOctets

  /// How many octets `write(to:)` appends: kind and length not counted.
  public var length: Int { octets.count }
  /// What it is (IANA "MPTCP Option Subtypes").
  public var subtype: UInt8 { octets[0] >> 4 }

  /// Reads everything that is left: the value of one option, at least one octet and at most 38.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    guard reader.available <= OptionOctets.capacity - 2 else {
      throw PacketError(
        .tcp, at: reader.offset,
        .badOptionLength(kind: Self.kind, length: reader.available + 2))
    }
    octets = OptionOctets(prefix: try reader.take(max(reader.available, 1), for: .tcp))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) { out.append(copying: octets.span) }
}

extension MultipathOption {
  /// What an option says whose length is its subtype's.
  public enum Content: Hashable, Sendable {
    /// The first subflow of a connection (RFC 8684 §3.1).
    case capable(Capable)
    /// Another one (RFC 8684 §3.2).
    case join(Join)
    /// How the octets of a subflow belong to the connection's (RFC 8684 §3.3).
    case sequence(DataSequence)
    /// The sender can be reached there too (RFC 8684 §3.4.1).
    case addAddress(AddAddress)
    /// It can no longer, by address identifiers (RFC 8684 §3.4.2).
    case removeAddresses(identifiers: [UInt8])
    /// Use this subflow, or only when there is no other (RFC 8684 §3.3.8); without an identifier the
    /// one that it comes on.
    case priority(isBackup: Bool, identifier: UInt8?)
    /// Fall back to plain TCP from this data sequence number on (RFC 8684 §3.7).
    case fail(UInt64)
    /// The connection is closed at once; the receiver's key proves the sender (RFC 8684 §3.5).
    case fastClose(key: UInt64)
  }

  /// Keys of both ends, as far as the handshake has come.
  public struct Capable: Hashable, Sendable {
    /// 0 or 1.
    public var version: UInt8
    /// A checksums, B extensibility, C no more subflows to this address, H HMAC-SHA256.
    public var flags: UInt8
    /// Of who sends the option.
    public var senderKey: UInt64?
    /// Of who receives it.
    public var receiverKey: UInt64?
    /// Of the data in the segment, in octets.
    public var dataLength: UInt16?
    /// Over the data.
    public var checksum: UInt16?

    /// Keys and data from their fields.
    public init(
      version: UInt8, flags: UInt8, senderKey: UInt64? = nil, receiverKey: UInt64? = nil,
      dataLength: UInt16? = nil, checksum: UInt16? = nil
    ) {
      (self.version, self.flags) = (version, flags)
      (self.senderKey, self.receiverKey) = (senderKey, receiverKey)
      (self.dataLength, self.checksum) = (dataLength, checksum)
    }
  }

  /// One of three forms, one for each segment of the handshake.
  public enum Join: Hashable, Sendable {
    /// The SYN: the token names the connection.
    case request(isBackup: Bool, identifier: UInt8, token: UInt32, nonce: UInt32)
    /// The SYN-ACK, with the first half of a code.
    case response(isBackup: Bool, identifier: UInt8, code: UInt64, nonce: UInt32)
    /// The ACK, with twenty octets of a code.
    case confirmation(code: [UInt8])
  }

  /// Acknowledges data of the connection and says where that of this segment belongs.
  public struct DataSequence: Hashable, Sendable {
    /// A number of 32 bits, or of 64.
    public enum Number: Hashable, Sendable {
      /// The lower half.
      case short(UInt32)
      /// All of it.
      case long(UInt64)
    }

    /// Which octets of the connection these are.
    public struct Mapping: Hashable, Sendable {
      /// Of the first one.
      public var sequenceNumber: Number
      /// The same octet's in this subflow, counted from its start.
      public var subflowSequenceNumber: UInt32
      /// How many there are.
      public var dataLength: UInt16
      /// Over them, if both have agreed on that.
      public var checksum: UInt16?

      /// A mapping from its fields.
      public init(
        sequenceNumber: Number, subflowSequenceNumber: UInt32, dataLength: UInt16,
        checksum: UInt16? = nil
      ) {
        self.sequenceNumber = sequenceNumber
        self.subflowSequenceNumber = subflowSequenceNumber
        (self.dataLength, self.checksum) = (dataLength, checksum)
      }
    }

    /// F: the sender has no more data.
    public var isLast: Bool
    /// What the sender expects next of the connection.
    public var acknowledgment: Number?
    /// Where the data belongs.
    public var mapping: Mapping?

    /// A signal from its fields.
    public init(isLast: Bool, acknowledgment: Number? = nil, mapping: Mapping? = nil) {
      (self.isLast, self.acknowledgment, self.mapping) = (isLast, acknowledgment, mapping)
    }
  }

  /// An address of the sender.
  public struct AddAddress: Hashable, Sendable {
    /// 0 or 1, which differ in form.
    public var version: UInt8
    /// Version 1: it repeats what came, and has no code.
    public var isEcho: Bool
    /// Names the address.
    public var identifier: UInt8
    /// Either family's.
    public var address: IPAddress
    /// The subflow's own, unless there is one here.
    public var port: UInt16?
    /// Of version 1, eight octets that prove the sender.
    public var code: UInt64?

    /// An address from its fields.
    public init(
      version: UInt8, isEcho: Bool = false, identifier: UInt8, address: IPAddress,
      port: UInt16? = nil, code: UInt64? = nil
    ) {
      (self.version, self.isEcho, self.identifier) = (version, isEcho, identifier)
      (self.address, self.port, self.code) = (address, port, code)
    }
  }
}
