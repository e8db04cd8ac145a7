import Glibc
internal import PacketWire

/// Walks the control messages that came with a received message (cmsg(3)).
///
/// The octets are the kernel's, but every length is checked all the same: a message that does not
/// fit ends the walk.
struct ControlMessages {
  /// Length, level and type: a `size_t` and two `int`s.
  private static let headerSize = MemoryLayout<Int>.size + 8

  /// One message: what it is and where its data lies.
  struct Message: Hashable {
    var level: CInt
    var type: CInt
    var data: Range<Int>
  }

  private var offset = 0

  /// The next message in `octets`, which are the same at every call.
  mutating func next(in octets: Span<UInt8>) -> Message? {
    guard octets.count - offset >= Self.headerSize else { return nil }
    let length = octets.native(Int.self, at: offset)
    guard length >= Self.headerSize, length <= octets.count - offset else { return nil }
    let fields = offset + MemoryLayout<Int>.size
    defer { offset = min(octets.count, offset + Self.aligned(length)) }
    return Message(
      level: octets.native(CInt.self, at: fields), type: octets.native(CInt.self, at: fields + 4),
      data: offset + Self.headerSize..<offset + length)
  }

  /// Messages begin at multiples of a `size_t` (CMSG_ALIGN). `length` is at most a buffer's.
  private static func aligned(_ length: Int) -> Int {
    (length + MemoryLayout<Int>.size - 1) & ~(MemoryLayout<Int>.size - 1)
  }

  /// The space of one message whose data is an `int` (CMSG_SPACE).
  static let spaceOfInt = 24

  /// One control message whose data is an `int`.
  static func message(level: CInt, type: CInt, value: CInt) -> InlineArray<24, UInt8> {
    var octets = InlineArray<24, UInt8>(repeating: 0)
    var fields = octets.mutableSpan
    fields.store(native: headerSize + 4, at: 0)
    fields.store(native: level, at: headerSize - 8)
    fields.store(native: type, at: headerSize - 4)
    fields.store(native: value, at: headerSize)
    return octets
  }
}

extension ControlMessages {
  /// One control message that passes descriptors (SCM_RIGHTS of unix(7)).
  static func descriptors(_ numbers: [CInt]) -> [UInt8] {
    let length = headerSize + 4 * numbers.count
    var octets = [UInt8](repeating: 0, count: aligned(length))
    var fields = octets.mutableSpan
    fields.store(native: length, at: 0)
    fields.store(native: SOL_SOCKET, at: headerSize - 8)
    fields.store(native: CInt(SCM_RIGHTS), at: headerSize - 4)
    for (index, number) in numbers.enumerated() {
      fields.store(native: number, at: headerSize + 4 * index)
    }
    return octets
  }

  /// The descriptors that were passed with a message.
  static func descriptors(in octets: Span<UInt8>) -> [CInt] {
    var numbers: [CInt] = []
    var messages = ControlMessages()
    while let message = messages.next(in: octets) {
      guard message.level == SOL_SOCKET, message.type == CInt(SCM_RIGHTS) else { continue }
      for index in 0..<message.data.count / 4 {
        numbers.append(octets.native(CInt.self, at: message.data.lowerBound + 4 * index))
      }
    }
    return numbers
  }
}

/// What the control messages of one received message said.
struct ReceivedFields {
  var stamp: WallInstant?
  /// By the clock of the network card.
  var cardStamp: CardInstant?
  var timeToLive: UInt8?
  var typeOfService: UInt8?
  var destination: IPAddress?
  var interface: UInt32?
  /// `struct sock_extended_err` and the address behind it.
  var extendedError: ExtendedError?

  /// Reads every control message that is known here and skips the others.
  init(_ octets: Span<UInt8>) {
    var messages = ControlMessages()
    while let message = messages.next(in: octets) {
      let data = octets.extracting(message.data)
      switch message.level {
      case SOL_SOCKET: readSocketLevel(message.type, data)
      case CInt(IPPROTO_IP): readIPv4Level(message.type, data)
      case CInt(IPPROTO_IPV6): readIPv6Level(message.type, data)
      default: break
      }
    }
  }

  private mutating func readSocketLevel(_ type: CInt, _ data: Span<UInt8>) {
    // Three `timespec`s (`struct scm_timestamping`): the software stamp, nothing, and the card's.
    guard type == SocketConstant.timestamping else { return }
    stamp = Self.nanoseconds(data, at: 0).map { WallInstant(nanoseconds: $0) }
    cardStamp = Self.nanoseconds(data, at: 32).map { CardInstant(nanoseconds: $0) }
  }

  /// A `timespec`; `nil` when it is zero, as where there is no stamp.
  private static func nanoseconds(_ data: Span<UInt8>, at offset: Int) -> Int64? {
    guard data.count >= offset + 16 else { return nil }
    let seconds = data.native(Int64.self, at: offset)
    let rest = data.native(Int64.self, at: offset + 8)
    return seconds == 0 && rest == 0 ? nil : seconds &* 1_000_000_000 &+ rest
  }

  private mutating func readIPv4Level(_ type: CInt, _ data: Span<UInt8>) {
    switch type {
    case IP_TTL where data.count >= 4:
      timeToLive = UInt8(truncatingIfNeeded: data.native(CInt.self, at: 0))
    case IP_TOS where data.count >= 1: typeOfService = data[0]  // one octet, unlike the others
    case IP_PKTINFO where data.count >= 12:
      // Interface, local address, and the address in the header.
      interface = data.native(UInt32.self, at: 0)
      destination = .v4(IPv4Address(bits: data.u32(at: 8)))
    case IP_RECVERR: extendedError = ExtendedError(data)
    default: break
    }
  }

  private mutating func readIPv6Level(_ type: CInt, _ data: Span<UInt8>) {
    switch type {
    case IPV6_HOPLIMIT where data.count >= 4:
      timeToLive = UInt8(truncatingIfNeeded: data.native(CInt.self, at: 0))
    case IPV6_TCLASS where data.count >= 4:
      typeOfService = UInt8(truncatingIfNeeded: data.native(CInt.self, at: 0))
    case IPV6_PKTINFO where data.count >= 20:
      // The address in the header, then the interface (RFC 3542 §6).
      let bits = UInt128(data.u64(at: 0)) << 64 | UInt128(data.u64(at: 8))
      destination = .v6(IPv6Address(bits: bits))
      interface = data.native(UInt32.self, at: 16)
    case IPV6_RECVERR: extendedError = ExtendedError(data)
    default: break
    }
  }
}

/// The kernel's `struct sock_extended_err`, with the address of who sent the ICMP error.
struct ExtendedError: Hashable {
  var errorNumber: CInt
  var origin: UInt8
  var type: UInt8
  var code: UInt8
  var information: UInt32
  var data: UInt32
  var offender: IPAddress?

  /// Nil when the octets are too few.
  init?(_ octets: Span<UInt8>) {
    guard octets.count >= 16 else { return nil }
    errorNumber = CInt(bitPattern: octets.native(UInt32.self, at: 0))
    (origin, type, code) = (octets[4], octets[5], octets[6])
    information = octets.native(UInt32.self, at: 8)
    data = octets.native(UInt32.self, at: 12)
    // AF_UNSPEC, or nothing, when nobody else is to blame.
    offender = Endpoint(socketAddress: octets.extracting(droppingFirst: 16))?.address
  }
}
