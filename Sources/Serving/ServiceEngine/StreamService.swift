public import PacketWire

/// What a server says on one connection, without the connection: octets in, octets out.
///
/// The shell reads only while `wantsInput`, so that a client that asks and asks but never reads
/// what it is told takes a bounded amount of memory and nobody else's time. What there is to say at
/// the beginning may wait in the output from the start.
public protocol StreamService {
  /// What is to be sent.
  var output: [UInt8] { get }
  /// Nothing more is read, and the connection ends once all output is sent.
  var isClosing: Bool { get }
  /// More may be read.
  var wantsInput: Bool { get }
  /// Takes octets that have arrived; none, to go on after output was sent or because there is news
  /// from elsewhere. Does nothing once closing.
  mutating func receive(_ octets: ArraySlice<UInt8>, at now: WallInstant)
  /// The first `count` octets of the output have been sent.
  mutating func hasSent(_ count: Int)

  /// For so long it may send nothing; the shell asks again whenever it has sent something.
  var patience: Nanoseconds { get }
  /// Nothing was sent for `patience`, and nothing waits to be.
  ///
  /// - Returns: whether the connection goes on, for as long again, be there something to send now or
  ///   not. One whose output nobody takes ends without being asked.
  mutating func timeIsUp(at now: WallInstant) -> Bool
  /// The connection is gone, for whatever reason. It is the last call.
  mutating func ended()
}

extension StreamService {
  /// No further request is answered while more than this waits to be sent, in octets.
  public static var outputLimit: Int { 65_536 }

  /// Not while closing, nor while much waits to be sent.
  public var wantsInput: Bool { !isClosing && output.count < Self.outputLimit }

  /// Fifteen seconds.
  public var patience: Nanoseconds { .seconds(15) }

  /// The connection ends.
  public mutating func timeIsUp(at _: WallInstant) -> Bool { false }

  /// Nothing is to be done.
  public mutating func ended() {}
}
