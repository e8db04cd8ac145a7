public import PacketWire

/// Sends back all that it gets (RFC 862).
public struct EchoService: StreamService {
  /// What is to be sent.
  public private(set) var output: [UInt8] = []

  /// A connection on which nothing was said yet.
  public init() {}

  /// It goes on for as long as the client does.
  public var isClosing: Bool { false }

  /// Sends these octets back.
  public mutating func receive(_ octets: ArraySlice<UInt8>, at _: WallInstant) {
    output += octets
  }

  /// The first `count` octets of the output have been sent.
  public mutating func hasSent(_ count: Int) { output.removeFirst(count) }
}
