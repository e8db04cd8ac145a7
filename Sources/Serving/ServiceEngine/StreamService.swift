public import PacketWire

/// What a server says on one connection, without the connection: octets in, octets out.
///
/// The shell reads only while `wantsInput`, so that a client that asks and asks but never reads
/// what it is told takes a bounded amount of memory and nobody else's time.
public protocol StreamService: Sendable {
  /// What is to be sent.
  var output: [UInt8] { get }
  /// Nothing more is read, and the connection ends once all output is sent.
  var isClosing: Bool { get }
  /// Takes octets that have arrived; none, to go on after output was sent. Does nothing once closing.
  mutating func receive(_ octets: ArraySlice<UInt8>, at now: WallInstant)
  /// The first `count` octets of the output have been sent.
  mutating func hasSent(_ count: Int)
}

extension StreamService {
  /// No further request is answered while more than this waits to be sent, in octets.
  public static var outputLimit: Int { 65_536 }

  /// More may be read.
  public var wantsInput: Bool { !isClosing && output.count < Self.outputLimit }
}
