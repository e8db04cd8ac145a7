import PacketWire

/// What is known of a message of the DNS or of HTTP from those before it. Messages are named by the
/// numbers of their packets.
struct MessageFacts: Sendable {
  /// The request that it answers, and how long ago that was.
  var answers: (request: Int, after: Nanoseconds)?
  /// The message of which it is a copy.
  var repeats: Int?
  /// It is a response.
  var isResponse = false
  /// It answers what nobody asked for.
  var isUnsolicited = false
  /// The request and the response of the exchange before it, on its connection.
  var previousRequest: Int?, previousResponse: Int?
}
