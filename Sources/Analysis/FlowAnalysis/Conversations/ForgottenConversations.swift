/// What was counted of conversations that had to make room for others.
public struct ForgottenConversations: Hashable, Sendable {
  /// How many they were.
  public var count = 0
  /// What they sent, in both directions.
  public var traffic = TrafficCount()

  mutating func add(_ traffic: TrafficOfEnds) {
    count &+= 1
    self.traffic += traffic.fromLow + traffic.fromHigh
  }
}
