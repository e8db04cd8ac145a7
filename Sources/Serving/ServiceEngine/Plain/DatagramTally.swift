public import PacketWire

/// What became of a number of datagrams that were sent to an acknowledging server: which were lost,
/// came twice, or were overtaken.
public struct DatagramTally: Sendable {
  /// What an answer has told.
  public struct Arrival: Hashable, Sendable {
    /// Of the datagram that is acknowledged.
    public var number: UInt64
    /// From its sending to its acknowledgement.
    public var roundTrip: Nanoseconds
    /// One with a higher number was acknowledged before.
    public var isOvertaken: Bool
    /// It was acknowledged before.
    public var isRepeated: Bool
  }

  private struct Record: Sendable {
    var sentAt: MonotonicInstant
    var length: Int
    var isAcknowledged = false
  }

  /// In the order of their numbers, the first of which is 1.
  private var records: [Record] = []
  private var highestAcknowledged: UInt64 = 0
  private var totalRoundTrip = Nanoseconds.zero

  /// How many were acknowledged, each counted once.
  public private(set) var acknowledgedCount = 0
  /// How many of those were overtaken by a later one.
  public private(set) var overtakenCount = 0
  /// How many acknowledgements came again.
  public private(set) var repeatedCount = 0
  /// The shortest of the round trips.
  public private(set) var shortest: Nanoseconds?
  /// The longest of the round trips.
  public private(set) var longest: Nanoseconds?

  /// Nothing was sent yet.
  public init() {}

  /// How many were sent.
  public var sentCount: Int { records.count }
  /// How many are not acknowledged yet; lost, in the end.
  public var missingCount: Int { records.count - acknowledgedCount }
  /// The mean of the round trips; nil without one.
  public var mean: Nanoseconds? {
    acknowledgedCount == 0 ? nil : Nanoseconds(totalRoundTrip.count / Int64(acknowledgedCount))
  }

  /// The next datagram, of `length` octets.
  public mutating func next(length: Int, at now: MonotonicInstant) -> [UInt8] {
    let datagram = NumberedDatagram.octets(number: UInt64(records.count + 1), length: length)
    records.append(Record(sentAt: now, length: datagram.count))
    return datagram
  }

  /// Takes what has come; nil where it acknowledges nothing that was sent.
  public mutating func receive(
    _ datagram: some Collection<UInt8>, at now: MonotonicInstant
  ) -> Arrival? {
    guard let answer = Acknowledgement(datagram),
      let index = Int(exactly: answer.number).map({ $0 - 1 }), records.indices.contains(index),
      records[index].length == answer.length
    else { return nil }
    let arrival = Arrival(
      number: answer.number, roundTrip: now - records[index].sentAt,
      isOvertaken: answer.number < highestAcknowledged, isRepeated: records[index].isAcknowledged)
    count(arrival)
    records[index].isAcknowledged = true
    return arrival
  }

  private mutating func count(_ arrival: Arrival) {
    guard !arrival.isRepeated else { return repeatedCount += 1 }
    acknowledgedCount += 1
    if arrival.isOvertaken { overtakenCount += 1 }
    highestAcknowledged = max(highestAcknowledged, arrival.number)
    totalRoundTrip = totalRoundTrip + arrival.roundTrip
    shortest = min(shortest ?? arrival.roundTrip, arrival.roundTrip)
    longest = max(longest ?? arrival.roundTrip, arrival.roundTrip)
  }
}
