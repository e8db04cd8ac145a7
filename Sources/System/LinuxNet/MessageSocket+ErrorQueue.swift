internal import CLinux
import Glibc
public import LinuxSystem
public import PacketWire

/// What the kernel tells about a message that was sent.
public enum QueuedError: Hashable, Sendable {
  /// The message entered the queue of an interface. `sendCounter` counts the socket's messages from 0,
  /// from `enableTimestamps` on. On kernels before 6.13 a failed send may use up a number.
  case transmitted(sendCounter: UInt32, at: WallInstant)
  /// The message left the queue: the interface's driver has it.
  case handedOver(sendCounter: UInt32, at: WallInstant)
  /// The message left the network card, by the card's own clock.
  case leftCard(sendCounter: UInt32, at: CardInstant)
  /// An ICMP error has come back.
  case icmp(ICMPReport)
  /// This host refused the message itself; `information` is the MTU that an EMSGSIZE is about.
  case local(errorNumber: CInt, information: UInt32)
}

/// An ICMP error about a message that was sent. The start of that message, as far as it was quoted
/// behind the IP header, lies in the caller's buffer.
public struct ICMPReport: Hashable, Sendable {
  /// Which ICMP: the types of the two are different numbers.
  public var family: IPFamily
  /// The ICMP type.
  public var type: UInt8
  /// The ICMP code.
  public var code: UInt8
  /// The next hop's MTU in "fragmentation needed" and "packet too big" (RFC 1191 §4, RFC 4443
  /// §3.2), and otherwise 0 or the pointer of a parameter problem.
  public var information: UInt32
  /// Who sent the error.
  public var offender: IPAddress?
  /// Where the message had been sent to.
  public var destination: Endpoint?
  /// When the kernel received the error, with `enableTimestamps`.
  public var receivedAt: WallInstant?
  /// The time to live of the packet that brought the error, with `enableReceivedFields`.
  public var timeToLive: UInt8?
  /// How many octets of the quoted message lie in the buffer.
  public var quotedCount: Int
  /// The error number that the kernel makes of it: ECONNREFUSED, EHOSTUNREACH, …
  public var errorNumber: CInt
}

extension MessageSocket {
  /// How many entries of unknown kinds are passed over in one call.
  private static let unknownLimit = 64

  /// The next entry of the error queue, or nil when it is empty.
  /// The corresponding C call is `recvmsg(MSG_ERRQUEUE)`.
  public func receiveError(into buffer: inout [UInt8]) throws(SystemError) -> QueuedError? {
    for _ in 0..<Self.unknownLimit {
      guard let message = try receiveMessage(into: &buffer, flags: CInt(MSG_ERRQUEUE))
      else { return nil }
      if let entry = Self.entry(message, quotedCount: min(message.count, buffer.count)) {
        return entry
      }
    }
    return nil
  }

  private static func entry(_ message: Message, quotedCount: Int) -> QueuedError? {
    guard let error = message.fields.extendedError else { return nil }
    switch CInt(error.origin) {
    case SO_EE_ORIGIN_TIMESTAMPING:
      return stamp(error, message.fields)
    case SO_EE_ORIGIN_LOCAL:
      return .local(errorNumber: error.errorNumber, information: error.information)
    case SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6:
      return .icmp(
        ICMPReport(
          family: CInt(error.origin) == SO_EE_ORIGIN_ICMP ? .v4 : .v6, type: error.type,
          code: error.code, information: error.information, offender: error.offender,
          destination: message.name.endpoint, receivedAt: message.fields.stamp,
          timeToLive: message.fields.timeToLive, quotedCount: quotedCount,
          errorNumber: error.errorNumber))
    default: return nil
    }
  }

  /// The kernel puts its own stamp and the card's into the queue one by one; both are about the same step.
  static func stamp(_ error: ExtendedError, _ fields: ReceivedFields) -> QueuedError? {
    switch (error.information, fields.stamp, fields.cardStamp) {
    case (UInt32(SCM_TSTAMP_SCHED), let stamp?, _):
      .transmitted(sendCounter: error.data, at: stamp)
    case (UInt32(SCM_TSTAMP_SND), let stamp?, _): .handedOver(sendCounter: error.data, at: stamp)
    case (UInt32(SCM_TSTAMP_SND), nil, let stamp?): .leftCard(sendCounter: error.data, at: stamp)
    default: nil
    }
  }
}
