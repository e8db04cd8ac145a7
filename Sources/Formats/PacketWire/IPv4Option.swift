/// One option of an IPv4 header, by place (RFC 791 §3.1).
public struct IPv4Option: Hashable, Sendable {
  /// Copied flag, class and number together (IANA "IP Option Numbers").
  public var kind: UInt8
  /// Where its value stands in the header's option octets: after kind and length.
  public var value: Range<Int>

  /// End of option list.
  public static let endOfList: UInt8 = 0
  /// No operation.
  public static let noOperation: UInt8 = 1
  /// Record route (RFC 791 §3.1).
  public static let recordRoute: UInt8 = 7
  /// Internet timestamp (RFC 791 §3.1).
  public static let timestamp: UInt8 = 68
  /// Loose source route (RFC 791 §3.1).
  public static let looseSourceRoute: UInt8 = 131
  /// Strict source route (RFC 791 §3.1).
  public static let strictSourceRoute: UInt8 = 137
  /// Router alert (RFC 2113).
  public static let routerAlert: UInt8 = 148
}

extension IPv4Header {
  /// Calls `body` for each option up to the end of the list, padding left out; stops at an option
  /// whose length cannot be and throws where it stands, counted from the header's start.
  public func forEachOption(_ body: (IPv4Option) -> Void) throws(PacketError) {
    var index = 0
    while index < options.count {
      let kind = options[index]
      if kind == IPv4Option.endOfList { return }
      if kind == IPv4Option.noOperation {
        body(IPv4Option(kind: kind, value: index + 1..<index + 1))
        index += 1
        continue
      }
      let length = index + 1 < options.count ? Int(options[index + 1]) : 0
      guard length >= 2, index + length <= options.count else {
        throw PacketError(
          .ipv4, at: Self.minimumLength + index, .badOptionLength(kind: kind, length: length))
      }
      body(IPv4Option(kind: kind, value: index + 2..<index + length))
      index += length
    }
  }
}
