public import PacketWire

/// An answer to a `ProbeQuestion`, as it came in.
public struct QuestionReply: Hashable, Sendable {
  /// What it says.
  public enum Content: Hashable, Sendable {
    case timestamps(ICMPTimestamps)
    case addressMask(ICMPAddressMask)
    /// Nothing: the header is all of it (RFC 792).
    case information
    case node(NodeAnswer)
    /// The code as it was on the wire, for it may be none of `ICMPInterfaceState.Code`.
    case interface(code: UInt8, ICMPInterfaceState)
  }

  /// The low bits of the probe's sequence number, as many as `ProbeQuestion.sequenceBits`.
  public var sequenceNumber: UInt16
  /// Who answered.
  public var source: IPAddress
  /// What is left of the TTL or hop limit that the answer started with, if known.
  public var timeToLive: UInt8?
  /// Of the ICMP message, header included, in octets.
  public var length: Int
  /// The ICMP checksum was right.
  public var isChecksumValid: Bool
  /// What it says.
  public var content: Content
  /// What came back of what only this process could have sent.
  var returned: Returned
}

extension QuestionReply {
  /// What an answer gives back.
  enum Returned: Hashable, Sendable {
    /// A number made from the probe's cookie.
    case token(UInt64)
    /// Identifier and sequence number only: the message has no room for more, or the answering host
    /// did not repeat what stood behind them.
    case numbers
    /// Octets that should have been the request's own, and are not; or more than the message has.
    case somethingElse
  }

  /// How sure it is that an answer answers one of our probes.
  public enum Proof: Hashable, Sendable {
    /// It holds something that only this process and whoever saw the request can know.
    case keyed
    /// Its numbers and its source are right. Somebody who guesses sixteen bits could have sent it.
    case numbersOnly
    /// It answers none of our probes.
    case none
  }
}

/// What a node said of itself (RFC 4620).
public enum NodeAnswer: Hashable, Sendable {
  /// It is there, and says nothing more.
  case nothing
  case names([NodeInformation.Name], timeToLive: UInt32)
  /// Some are missing if `isTruncated`.
  case addresses([NodeInformation.Address], isTruncated: Bool)
  /// It does not tell us.
  case refused
  /// It does not know this kind of question.
  case unknownType
  /// A code, or a kind of answer, that RFC 4620 does not have.
  case unknown(code: UInt8, type: NodeInformation.QueryType)
  /// Its data is no list of what was asked for. The offset counts from the data's start.
  case malformed(PacketError)
}
