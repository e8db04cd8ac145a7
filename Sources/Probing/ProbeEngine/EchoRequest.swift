public import PacketWire

/// Builds a session's echo requests of one family, and knows what should come back.
///
///     type code checksum | identifier sequence | cookie (8 octets) | balance (2) | pattern …
///
/// The payload starts with the probe's keyed cookie (or as much of it as fits), so that a reply shows
/// which probe it answers, and goes on with a pattern, so that it shows which octets were damaged.
/// There is no time in it: nothing that the peer returns is used to measure (CVE-2025-47268 shows what
/// comes of that). Between the two stand two octets that keep the checksum the same for all probes of
/// a flow, since routers with several ways to a target choose by the first four octets behind the IP
/// header, the checksum among them (Augustin et al., "Avoiding traceroute anomalies", IMC 2006).
public struct EchoRequest: Sendable {
  /// How much of the payload the cookie takes, in octets.
  public static let cookieLength = 8
  /// How much of the payload cookie and balance take, in octets.
  public static let balancedLength = 10

  /// Of the probes and of their targets.
  public let family: IPFamily
  /// The ICMP type of the probes.
  public let type: UInt8
  /// They are echo requests, to which there is an answer.
  public let isAnswered: Bool
  /// Names this session.
  public let identifier: UInt16
  /// In octets, behind the ICMP header.
  public let payloadLength: Int
  /// Of the first probe; the following ones count on and wrap.
  public let firstSequenceNumber: UInt16
  /// Nobody knows the key: answers are believed without a cookie. For captures of other programs.
  public var trustsAnswers = false
  /// A probe without what differs from one to the next.
  let template: [UInt8]
  private let templateSum: UInt16
  let cookies: KeyedCookie

  /// A builder.
  ///
  /// - Parameters:
  ///   - family: of the probes and of their targets.
  ///   - identifier: names the session.
  ///   - payloadLength: in octets; taken as zero when negative.
  ///   - pattern: repeated to fill the payload, which counts its own octets without one.
  ///   - firstSequenceNumber: of the first probe.
  ///   - type: the ICMP type, where it is to be another. Such a probe looks like an echo request but for
  ///     its type, and nothing is taken for an answer to it; errors that quote it are.
  ///   - cookies: make each probe's own.
  public init(
    family: IPFamily, identifier: UInt16, payloadLength: Int, pattern: [UInt8] = [],
    firstSequenceNumber: UInt16 = 1, type: UInt8? = nil, cookies: KeyedCookie
  ) {
    (self.family, self.identifier, self.cookies) = (family, identifier, cookies)
    self.payloadLength = max(0, payloadLength)
    self.firstSequenceNumber = firstSequenceNumber
    let echo = Self.echoType(family)
    (self.type, isAnswered) = (type ?? echo, type ?? echo == echo)
    let template = Self.template(self.type, identifier, self.payloadLength, pattern)
    self.template = template
    templateSum = Self.sum(of: template.span)
  }

  /// ICMP and ICMPv6 echo headers differ in the type's number only (RFC 792, RFC 4443 §4.1).
  public static func echoType(_ family: IPFamily) -> UInt8 {
    family == .v4
      ? ICMPv4Header.MessageType.echoRequest.rawValue
      : ICMPv6Header.MessageType.echoRequest.rawValue
  }

  private static func template(
    _ type: UInt8, _ identifier: UInt16, _ payloadLength: Int, _ pattern: [UInt8]
  ) -> [UInt8] {
    [UInt8](capacity: ICMPv4Header.length + payloadLength) { out in
      for octet in [type, 0, 0, 0] { out.append(octet) }
      for octet in [UInt8(identifier >> 8), UInt8(identifier & 0xff), 0, 0] { out.append(octet) }
      let reserved = payloadLength < balancedLength ? cookieLength : balancedLength
      for index in 0..<payloadLength {
        out.append(
          index < reserved
            ? 0
            : pattern.isEmpty
              ? UInt8(truncatingIfNeeded: index) : pattern[index % pattern.count])
      }
    }
  }

  /// The sequence number on the wire of the probe with this serial number.
  public func sequenceNumber(of serial: UInt64) -> UInt16 {
    firstSequenceNumber &+ UInt16(truncatingIfNeeded: serial &- 1)
  }

  /// Makes `message` the ICMP message of a probe, in memory that can be reused.
  ///
  /// - Parameters:
  ///   - serial: the probe's number in the session.
  ///   - flow: which of the ways to the target it is to take.
  ///   - length: of its payload, if it is less than the session's.
  ///   - pseudoHeader: the addresses that an ICMPv6 checksum covers (RFC 4443 §2.3). Without them it
  ///     is zero: the kernel fills it in on raw sockets (RFC 3542 §3.1).
  ///   - message: what becomes the probe.
  public func write(
    serial: UInt64, flow: UInt16 = 0, length: Int? = nil,
    pseudoHeader: (source: IPAddress, target: IPAddress)? = nil, into message: inout [UInt8]
  ) {
    var templateSum = templateSum
    if let length, length != payloadLength {
      message = Array(template.prefix(ICMPv4Header.length + max(0, length)))
      templateSum = Self.sum(of: message.span)
    } else if message.count != template.count || message[0] != template[0] {
      message = template
    }
    let sequence = sequenceNumber(of: serial)
    let cookie = cookies.cookie(for: serial)
    var octets = message.mutableSpan
    store(sequence, at: 6, in: &octets)
    let payloadLength = octets.count - ICMPv4Header.length
    for index in 0..<min(payloadLength, Self.cookieLength) {
      octets[ICMPv4Header.length + index] = UInt8(
        truncatingIfNeeded: cookie >> UInt64(56 - 8 * index))
    }
    var checksum = Self.checksum(of: flow, identifier: identifier)
    if payloadLength >= Self.balancedLength {
      var sum = UInt32(templateSum) + UInt32(sequence) + UInt32(checksum)
      // Added up in two halves of 32 bits, whose sum folds to the same (RFC 1071 §2 (C)).
      let halves = (cookie >> 32) + (cookie & 0xffff_ffff)
      sum += UInt32(halves >> 32) + UInt32(halves >> 16 & 0xffff) + UInt32(halves & 0xffff)
      store(~Self.folded(sum), at: ICMPv4Header.length + Self.cookieLength, in: &octets)
    } else {
      store(0, at: 2, in: &octets)
      checksum = ~Self.sum(of: octets.span)
    }
    if family == .v6 { checksum = withPseudoHeader(checksum, pseudoHeader, octets.count) }
    store(checksum, at: 2, in: &octets)
  }

  /// A probe's ICMP message in memory of its own.
  public func message(
    serial: UInt64, flow: UInt16 = 0,
    pseudoHeader: (source: IPAddress, target: IPAddress)? = nil
  ) -> [UInt8] {
    var message: [UInt8] = []
    write(serial: serial, flow: flow, pseudoHeader: pseudoHeader, into: &message)
    return message
  }

  /// The checksum that all probes of a flow have; neither of the two forms of zero, which different
  /// kernels write differently.
  static func checksum(of flow: UInt16, identifier: UInt16) -> UInt16 {
    let mixed = (UInt32(flow) &* 40_503 &+ UInt32(identifier) &* 2_477) & 0xffff
    return UInt16(mixed % 0xfffe) + 1
  }

  /// An ICMPv6 checksum from one without the pseudo header (RFC 1624 §3: equation 3).
  private func withPseudoHeader(
    _ checksum: UInt16, _ addresses: (source: IPAddress, target: IPAddress)?, _ length: Int
  ) -> UInt16 {
    guard let addresses else { return 0 }
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      from: addresses.source, to: addresses.target, protocolNumber: .icmpv6, length: length)
    sum.add(~checksum)
    return sum.value
  }

  private func store(_ word: UInt16, at offset: Int, in message: inout MutableSpan<UInt8>) {
    message[offset] = UInt8(word >> 8)
    message[offset + 1] = UInt8(truncatingIfNeeded: word)
  }

  private static func sum(of octets: Span<UInt8>) -> UInt16 {
    var sum = InternetChecksum()
    sum.add(octets)
    return sum.folded
  }

  private static func folded(_ sum: UInt32) -> UInt16 {
    let once = (sum >> 16) + (sum & 0xffff)
    return UInt16(truncatingIfNeeded: (once >> 16) + (once & 0xffff))
  }
}
