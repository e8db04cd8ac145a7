internal import CLinux
import Glibc
public import LinuxSystem
public import PacketWire

/// A message that was received, but for its octets, which lie in the caller's buffer.
public struct Received: Hashable, Sendable {
  /// How many octets lie in the buffer.
  public var count: Int
  /// How many the message had; more than `count` when the buffer was too small.
  public var originalCount: Int
  /// Who sent it. Nil when the kernel names nobody.
  public var source: Endpoint?
  /// When the kernel received it, with `enableTimestamps`. Wall time: not to be subtracted from
  /// monotonic time.
  public var kernelReceiveTime: WallInstant?
  /// When the network card received it, with `enableTimestamps(includingCard:)`.
  public var cardReceiveTime: CardInstant?
  /// The IP header's time to live or hop limit, with `enableReceivedFields`.
  public var timeToLive: UInt8?
  /// The IP header's type of service or traffic class, with `enableReceivedFields`.
  public var typeOfService: UInt8?
  /// The IP header's destination, with `enableReceivedFields`.
  public var destination: IPAddress?
  /// The index of the interface it came in by, with `enableReceivedFields`.
  public var interface: UInt32?
}

extension MessageSocket {
  /// How often a call is made again because it returned a report about an earlier message.
  private static let reportLimit = 64

  /// Receives one message, or nil when none is waiting. The corresponding C call is `recvmsg`.
  ///
  /// `buffer` keeps its size; what does not fit is lost, and `originalCount` tells. With an error
  /// queue, reports of the network are left for `receiveError` and never thrown.
  public func receive(into buffer: inout [UInt8]) throws(SystemError) -> Received? {
    for _ in 0..<Self.reportLimit {
      do throws(SystemError) {
        // MSG_TRUNC: return the message's own length even where the buffer is shorter.
        guard let message = try receiveMessage(into: &buffer, flags: CInt(MSG_TRUNC))
        else { return nil }
        let fields = message.fields
        return Received(
          count: min(message.count, buffer.count), originalCount: message.count,
          source: message.name.endpoint, kernelReceiveTime: fields.stamp,
          cardReceiveTime: fields.cardStamp,
          timeToLive: fields.timeToLive, typeOfService: fields.typeOfService,
          destination: fields.destination, interface: fields.interface)
      } catch {
        guard error.isNetworkReport, hasErrorQueue else { throw error }
      }
    }
    return nil
  }

  /// What `recvmsg` returns, or nil when nothing is waiting.
  struct Message {
    var count: Int
    var name: SocketAddress
    var fields: ReceivedFields
  }

  func receiveMessage(
    into buffer: inout [UInt8], flags: CInt
  ) throws(SystemError) -> Message? {
    var name = SocketAddress()
    // Stamps, four header fields and an extended error with its address come to 224 octets.
    var control = InlineArray<512, UInt8>(repeating: 0)
    var controlLength = 512
    let count = try systemCallUnlessWaiting("receive") {
      // Everything the kernel is pointed at lives until the call returns, and it knows each length.
      unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe withUnsafeMutablePointer(to: &control) { controlPointer in
          unsafe name.withMutablePointer { address, length in
            var piece = unsafe iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
            return unsafe withUnsafeMutablePointer(to: &piece) { piece in
              var message = unsafe msghdr(
                msg_name: address, msg_namelen: length.pointee, msg_iov: piece, msg_iovlen: 1,
                msg_control: controlPointer, msg_controllen: controlLength, msg_flags: 0)
              let count = unsafe recvmsg(descriptor.rawValue, &message, flags)
              unsafe length.pointee = message.msg_namelen
              controlLength = unsafe message.msg_controllen
              return count
            }
          }
        }
      }
    }
    guard let count else { return nil }
    let octets = control.span.extracting(first: min(max(controlLength, 0), 512))
    return Message(count: count, name: name, fields: ReceivedFields(octets))
  }
}
