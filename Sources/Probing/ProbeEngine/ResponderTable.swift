public import PacketWire

/// Who answers probes to a group or a broadcast address, and what is a duplicate and what only somebody
/// else's answer.
public struct ResponderTable: Sendable {
  /// One of those who answer.
  public struct Row: Hashable, Sendable {
    /// Which of the session's targets it answers.
    public let target: Int
    /// Who it is.
    public let address: IPAddress
    /// Probes that it answered.
    public fileprivate(set) var received = 0
    /// Further answers of its to probes that it had answered.
    public fileprivate(set) var duplicates = 0
    /// Of its first answers.
    public fileprivate(set) var rtt = RTTStatistics()
    /// The newest probe that it answered.
    private var newest: UInt64 = 0
    /// Bit n: it answered the probe n before the newest.
    private var recent: UInt64 = 0

    init(target: Int, address: IPAddress) { (self.target, self.address) = (target, address) }

    /// Whether this is its first answer to a probe. One that comes more than 63 probes late is taken for
    /// a first one.
    fileprivate mutating func isFirst(_ number: UInt64) -> Bool {
      if number > newest {
        let step = number - newest
        recent = step > 63 ? 1 : recent << step | 1
        newest = number
        return true
      }
      let age = newest - number
      guard age < 64 else { return true }
      defer { recent |= 1 << age }
      return recent & 1 << age == 0
    }
  }

  private struct Key: Hashable {
    var target: Int
    var address: IPAddress
  }

  /// More are counted together.
  public static let limit = 1_024

  /// In the order in which they first answered.
  public private(set) var rows: [Row] = []
  /// Answers of those who found no row.
  public private(set) var others = 0
  private var places: [Key: Int] = [:]

  /// Nobody yet.
  public init() {}

  /// Takes in an answer. Returns whether the same host has answered the same probe before.
  public mutating func take(_ answer: PingReply) -> Bool {
    guard answer.reply.isChecksumValid else { return false }
    let key = Key(target: answer.probe.target, address: answer.reply.source)
    guard let place = places[key] ?? newPlace(key) else {
      others += 1
      return answer.isDuplicate
    }
    guard rows[place].isFirst(answer.number) else {
      rows[place].duplicates += 1
      return true
    }
    rows[place].received += 1
    rows[place].rtt.add(answer.roundTrip.duration)
    return false
  }

  private mutating func newPlace(_ key: Key) -> Int? {
    guard rows.count < Self.limit else { return nil }
    rows.append(Row(target: key.target, address: key.address))
    places[key] = rows.count - 1
    return rows.count - 1
  }
}
