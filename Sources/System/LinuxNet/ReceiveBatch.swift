internal import CLinux
import Glibc
public import LinuxSystem
internal import PacketWire

/// Room for messages that are received together, in memory that is reused.
///
/// The corresponding C call is `recvmmsg`.
@safe public struct ReceiveBatch: ~Copyable {
  /// How many messages have room.
  public let capacity: Int
  /// How many octets of a message have room; what does not fit is lost.
  public let slotSize: Int
  /// All slots, one behind the other; `range(of:)` says where a message lies.
  public private(set) var octets: [UInt8]

  /// Who sent a message and what its header said is asked of the kernel, for `description`. Where the
  /// octets tell it, to leave it out is a little faster.
  public var isDescribed = true

  /// Stamps and four header fields come to 144 octets.
  private static let controlSize = 256

  private var addresses: [UInt8]
  private var control: [UInt8]
  private var pieces: [iovec]
  private var headers: [clinux_mmsghdr]

  /// Room for `capacity` messages of at most `slotSize` octets each.
  public init(capacity: Int, slotSize: Int) {
    (self.capacity, self.slotSize) = (capacity, slotSize)
    octets = [UInt8](repeating: 0, count: capacity * slotSize)
    addresses = [UInt8](repeating: 0, count: capacity * SocketAddress.capacity)
    control = [UInt8](repeating: 0, count: capacity * Self.controlSize)
    unsafe pieces = [iovec](repeating: iovec(), count: capacity)
    unsafe headers = [clinux_mmsghdr](repeating: clinux_mmsghdr(), count: capacity)
  }

  /// Receives what is waiting, `limit` messages at the most, and says how many came. With an error
  /// queue, reports of the network are left for `receiveError` and never thrown.
  public mutating func receive(
    from socket: borrowing MessageSocket, limit: Int = .max
  ) throws(SystemError) -> Int {
    for _ in 0..<Self.reportLimit {
      do throws(SystemError) {
        return try receiveOnce(socket.descriptor.rawValue, min(limit, capacity)) ?? 0
      } catch {
        guard error.isNetworkReport, socket.hasErrorQueue else { throw error }
      }
    }
    return 0
  }

  /// How often a call is made again because it returned a report about an earlier message.
  private static let reportLimit = 64

  /// Where message `index` of the last call lies in `octets`, as far as it fitted.
  public func range(of index: Int) -> Range<Int> {
    let start = index * slotSize
    return start..<start + min(originalCount(of: index), slotSize)
  }

  /// How many octets message `index` had.
  public func originalCount(of index: Int) -> Int { Int(unsafe headers[index].msg_len) }

  /// Who sent message `index`, and what its IP header and the kernel said about it.
  public func description(of index: Int) -> Received {
    let start = index * SocketAddress.capacity
    let nameLength = min(Int(unsafe headers[index].msg_hdr.msg_namelen), SocketAddress.capacity)
    let fields = ReceivedFields(
      control.span.extracting(
        index * Self.controlSize..<index * Self.controlSize
          + min(unsafe headers[index].msg_hdr.msg_controllen, Self.controlSize)))
    let original = originalCount(of: index)
    return Received(
      count: min(original, slotSize), originalCount: original,
      source: Endpoint(
        socketAddress: addresses.span.extracting(start..<start + nameLength)),
      kernelReceiveTime: fields.stamp, cardReceiveTime: fields.cardStamp,
      timeToLive: fields.timeToLive,
      typeOfService: fields.typeOfService, destination: fields.destination,
      interface: fields.interface)
  }

  private mutating func receiveOnce(
    _ descriptor: CInt, _ limit: Int
  ) throws(SystemError) -> Int? {
    let (slotSize, isDescribed) = (slotSize, isDescribed)
    let count = try systemCallUnlessWaiting("receive") {
      // Every pointer that the kernel is given lives until the call returns, and it knows each length.
      unsafe octets.withUnsafeMutableBytes { octets in
        unsafe addresses.withUnsafeMutableBytes { addresses in
          unsafe control.withUnsafeMutableBytes { control in
            unsafe pieces.withUnsafeMutableBufferPointer { pieces in
              unsafe headers.withUnsafeMutableBufferPointer { headers in
                for index in 0..<limit {
                  unsafe pieces[index] = iovec(
                    iov_base: octets.baseAddress.map { unsafe $0 + index * slotSize },
                    iov_len: slotSize)
                  unsafe headers[index].msg_hdr = msghdr(
                    msg_name: isDescribed
                      ? addresses.baseAddress.map { unsafe $0 + index * SocketAddress.capacity }
                      : nil, msg_namelen: isDescribed ? socklen_t(SocketAddress.capacity) : 0,
                    msg_iov: pieces.baseAddress.map { unsafe $0 + index }, msg_iovlen: 1,
                    msg_control: isDescribed
                      ? control.baseAddress.map { unsafe $0 + index * Self.controlSize } : nil,
                    msg_controllen: isDescribed ? Self.controlSize : 0, msg_flags: 0)
                }
                // MSG_TRUNC: a message's own length, even where its slot is shorter.
                return unsafe clinux_recvmmsg(
                  descriptor, headers.baseAddress, UInt32(limit), CInt(MSG_TRUNC), nil)
              }
            }
          }
        }
      }
    }
    return count.map { Int($0) }
  }
}
