/// Notices when answers come back differently than before: with another TTL or hop limit, another
/// DSCP, another ECN field. Memory is constant: the last 100 changes are kept.
public struct ReplyPathMeter: Hashable, Sendable {
  /// What changed, oldest first: the last 100.
  public private(set) var changes = RecentValues<ReplyChange>(limit: 100)
  /// TTL or hop limit of the newest answer that told it.
  public private(set) var timeToLive: UInt8?
  /// The lowest one of all answers.
  public private(set) var lowestTimeToLive: UInt8?
  /// The highest one of all answers.
  public private(set) var highestTimeToLive: UInt8?
  /// The DS field's codepoint (RFC 2474 §3) of the newest answer that told it, 0 to 63.
  public private(set) var codePoint: UInt8?
  /// The ECN field (RFC 3168 §5) of the newest answer that told it and was not marked, 0 to 2.
  public private(set) var congestionField: UInt8?
  /// Answers that a router on the way back marked instead of dropping them (CE, RFC 3168 §5). That is
  /// a queue that fills, not another way, and so no change.
  public private(set) var congestionMarks = 0

  /// No answer yet.
  public init() {}

  /// Takes in the header fields of an answer.
  ///
  /// - Parameters:
  ///   - number: the probe that it answers.
  ///   - timeToLive: what was left of its TTL or hop limit; nil when unknown.
  ///   - trafficClass: its TOS octet or traffic class; nil when unknown.
  /// - Returns: whether anything changed; what did stands last in `changes`.
  @discardableResult
  public mutating func add(_ number: UInt64, timeToLive: UInt8?, trafficClass: UInt8?) -> Bool {
    let before = changes.total
    if let timeToLive { add(number, timeToLive) }
    if let trafficClass { add(number, trafficClass: trafficClass) }
    return changes.total > before
  }

  private mutating func add(_ number: UInt64, _ value: UInt8) {
    if let from = timeToLive, from != value {
      changes.append(ReplyChange(number: number, kind: .timeToLive(from: from, to: value)))
    }
    timeToLive = value
    lowestTimeToLive = min(lowestTimeToLive ?? value, value)
    highestTimeToLive = max(highestTimeToLive ?? value, value)
  }

  private mutating func add(_ number: UInt64, trafficClass: UInt8) {
    let value = trafficClass >> 2
    if let from = codePoint, from != value {
      changes.append(ReplyChange(number: number, kind: .codePoint(from: from, to: value)))
    }
    codePoint = value
    let field = trafficClass & 3
    if field == 3 {
      congestionMarks += 1
    } else {
      if let from = congestionField, from != field {
        changes.append(ReplyChange(number: number, kind: .congestionField(from: from, to: field)))
      }
      congestionField = field
    }
  }
}

/// An answer that came back differently than the one before it.
public struct ReplyChange: Hashable, Sendable {
  /// What is different.
  public enum Kind: Hashable, Sendable {
    /// What was left of the TTL or hop limit.
    case timeToLive(from: UInt8, to: UInt8)
    /// The DS field's codepoint, 0 to 63.
    case codePoint(from: UInt8, to: UInt8)
    /// The ECN field, 0 to 2.
    case congestionField(from: UInt8, to: UInt8)
  }

  /// The probe that is answered.
  public var number: UInt64
  /// What is different.
  public var kind: Kind

  /// A change from its fields.
  public init(number: UInt64, kind: Kind) { (self.number, self.kind) = (number, kind) }
}

/// What another TTL of an answer says about the way back.
public enum ReturnPathMeaning: Hashable, Sendable {
  /// The way back has so many hops more; fewer if negative.
  case hops(Int)
  /// The answers began with different TTLs, so that two machines must have sent them.
  case otherSender(began: UInt8, begins: UInt8)
  /// Either is possible.
  case unclear

  /// What it says that answers came with TTL `from`, and then `to`.
  public init(timeToLive from: UInt8, to: UInt8) {
    let (before, now) = (Self.initialTimeToLive(of: from), Self.initialTimeToLive(of: to))
    if let before, let now, before != now {
      self = .otherSender(began: before, begins: now)
    } else if abs(Int(from) - Int(to)) <= Self.longestPath {
      self = .hops(Int(from) - Int(to))
    } else {
      self = .unclear
    }
  }

  /// The TTL that a packet was sent with, from what is left of it; nil where there is no telling.
  ///
  /// Hosts begin with 32, 64, 128 or 255, and paths of more than 40 hops are next to unknown:
  /// traceroute's own limit is 30. So what is left tells if one of the four, and only one, is that
  /// close.
  public static func initialTimeToLive(of timeToLive: UInt8) -> UInt8? {
    let possible = [32, 64, 128, 255].filter {
      (0...longestPath).contains($0 - Int(timeToLive))
    }
    return possible.count == 1 ? possible.first.map { UInt8($0) } : nil
  }

  private static let longestPath = 40
}
