internal import CLinux
import Glibc
public import LinuxSystem
internal import PacketWire

/// Messages that wait to be sent together: a call of the kernel costs more than what it does.
///
/// The memory is fixed and reused. The corresponding C call is `sendmmsg`.
@safe public struct SendBatch: ~Copyable {
  /// What became of a batch.
  public struct Outcome: Sendable {
    /// So many messages from the front were sent.
    public var sent: Int
    /// Why the one behind them was not; nil when all were.
    public var failure: SystemError?
  }

  /// How many messages have room.
  public let capacity: Int
  /// How many wait.
  public private(set) var count = 0

  /// The flow label of IPv6 packets, which the socket has taken (RFC 6437); 0 for none.
  public var flowLabel: UInt32 = 0

  private let slotSize: Int
  private var octets: [UInt8]
  private var lengths: [Int]
  /// One address in each slot, which stays for the next batch.
  private var addresses: [UInt8]
  /// What the first `preparedCount` slots hold an address of.
  private var prepared: Endpoint?
  private var preparedLabel: UInt32 = 0
  private var preparedCount = 0
  private var addressLengths: [socklen_t]
  private var pieces: [iovec]
  private var headers: [clinux_mmsghdr]

  /// Room for `capacity` messages of at most `slotSize` octets each.
  public init(capacity: Int, slotSize: Int) {
    (self.capacity, self.slotSize) = (capacity, slotSize)
    octets = [UInt8](repeating: 0, count: capacity * slotSize)
    lengths = [Int](repeating: 0, count: capacity)
    addresses = [UInt8](repeating: 0, count: capacity * SocketAddress.capacity)
    addressLengths = [socklen_t](repeating: 0, count: capacity)
    unsafe pieces = [iovec](repeating: iovec(), count: capacity)
    unsafe headers = [clinux_mmsghdr](repeating: clinux_mmsghdr(), count: capacity)
  }

  /// There is no room for another message.
  public var isFull: Bool { count == capacity }

  /// Adds a message of at most a slot's size, with this flow label or with that of the batch. The batch
  /// must not be full.
  public mutating func append(
    _ message: Span<UInt8>, to endpoint: Endpoint, flowLabel label: UInt32? = nil
  ) {
    let flowLabel = label ?? flowLabel
    precondition(count < capacity && message.count <= slotSize, "no room in the batch")
    Self.copy(message, into: &octets, at: count * slotSize)
    lengths[count] = message.count
    defer { count += 1 }
    // Most batches go to the endpoint of the batch before.
    if prepared == endpoint, preparedLabel == flowLabel {
      if count < preparedCount { return }
    } else {
      (prepared, preparedLabel, preparedCount) = (endpoint, flowLabel, 0)
    }
    if preparedCount == count { preparedCount += 1 }
    // A raw IPv6 socket takes the port for a protocol number and wants its own, or none (raw(7)).
    var address = SocketAddress(endpoint)
    address.setFlowLabel(flowLabel)
    Self.copy(address.octets.span, into: &addresses, at: count * SocketAddress.capacity)
    addressLengths[count] = address.length
  }

  private static func copy(_ source: Span<UInt8>, into target: inout [UInt8], at offset: Int) {
    precondition(offset + source.count <= target.count)
    // Both are borrowed for the call and do not overlap; the lengths were just compared.
    unsafe target.withUnsafeMutableBufferPointer { target in
      unsafe source.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        unsafe (to + offset).update(from: from, count: source.count)
      }
    }
  }

  /// Sends what waits, from message `first` on and in order, until one fails. The messages stay, so that
  /// the rest can be tried again, until `removeAll`.
  public mutating func flush(on socket: borrowing MessageSocket, from first: Int = 0) -> Outcome {
    var sent = first
    while sent < count {
      do throws(SystemError) {
        sent += try send(from: sent, on: socket.descriptor.rawValue)
      } catch {
        return Outcome(sent: sent, failure: error)
      }
    }
    return Outcome(sent: sent, failure: nil)
  }

  /// Makes room for other messages.
  public mutating func removeAll() { count = 0 }

  private mutating func send(from first: Int, on descriptor: CInt) throws(SystemError) -> Int {
    let (count, slotSize) = (count, slotSize)
    let sent = try systemCall("send") {
      // Every pointer that the kernel is given lives until the call returns, and it knows each length.
      unsafe octets.withUnsafeMutableBytes { octets in
        unsafe addresses.withUnsafeMutableBytes { addresses in
          unsafe pieces.withUnsafeMutableBufferPointer { pieces in
            unsafe headers.withUnsafeMutableBufferPointer { headers in
              for index in first..<count {
                unsafe pieces[index] = iovec(
                  iov_base: octets.baseAddress.map { unsafe $0 + index * slotSize },
                  iov_len: lengths[index])
                unsafe headers[index].msg_hdr.msg_name = addresses.baseAddress.map {
                  unsafe $0 + index * SocketAddress.capacity
                }
                unsafe headers[index].msg_hdr.msg_namelen = addressLengths[index]
                unsafe headers[index].msg_hdr.msg_iov = pieces.baseAddress.map {
                  unsafe $0 + index
                }
                unsafe headers[index].msg_hdr.msg_iovlen = 1
              }
              let start = unsafe headers.baseAddress.map { unsafe $0 + first }
              return unsafe clinux_sendmmsg(descriptor, start, UInt32(count - first), 0)
            }
          }
        }
      }
    }
    return Int(sent)
  }
}
