internal import CLinux
import Glibc
internal import PacketWire

/// A request to the kernel's routing tables, in octets (netlink(7), rtnetlink(7)).
struct NetlinkMessage {
  /// Length, type, flags, sequence number and port: `struct nlmsghdr`.
  static let headerSize = 16

  private(set) var octets: [UInt8]

  /// A request that wants to be acknowledged. The length is filled in by `finished`.
  init(type: CInt, flags: CInt = 0) {
    octets = [0, 0, 0, 0]
    append(native: UInt16(type))
    append(native: UInt16(NLM_F_REQUEST | NLM_F_ACK | flags))
    append(native: UInt32(0))
    append(native: UInt32(0))
  }

  /// Adds a number in the processor's order.
  mutating func append<Word: FixedWidthInteger>(native word: Word) {
    octets += [UInt8](repeating: 0, count: Word.bitWidth / 8)
    store(word, at: octets.count - Word.bitWidth / 8)
  }

  /// Adds an attribute: length, type and data, padded to four octets.
  mutating func append(attribute type: CInt, _ data: [UInt8]) {
    append(attribute: type) { $0.octets += data }
  }

  /// Adds an attribute whose data `body` writes: numbers, or further attributes.
  mutating func append(attribute type: CInt, _ body: (inout NetlinkMessage) -> Void) {
    let start = octets.count
    append(native: UInt16(0))
    append(native: UInt16(type))
    body(&self)
    store(UInt16(octets.count - start), at: start)
    octets += [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
  }

  /// The whole message, with its length and sequence number.
  consuming func finished(sequence: UInt32) -> [UInt8] {
    store(UInt32(octets.count), at: 0)
    store(sequence, at: 8)
    return octets
  }

  private mutating func store<Word: FixedWidthInteger>(_ word: Word, at offset: Int) {
    var span = octets.mutableSpan
    span.store(native: word, at: offset)
  }
}

/// The kernel's answer to a request.
struct NetlinkAcknowledgement: Hashable {
  var sequence: UInt32
  /// 0 when the request was carried out.
  var errorNumber: CInt

  /// Reads an NLMSG_ERROR message; nil when it is another one or cut short.
  init?(_ octets: Span<UInt8>) {
    let size = NetlinkMessage.headerSize
    guard octets.count >= size + 4, octets.native(UInt32.self, at: 0) >= size + 4,
      CInt(octets.native(UInt16.self, at: 4)) == NLMSG_ERROR
    else { return nil }
    sequence = octets.native(UInt32.self, at: 8)
    errorNumber = 0 &- octets.native(CInt.self, at: size)
  }
}
