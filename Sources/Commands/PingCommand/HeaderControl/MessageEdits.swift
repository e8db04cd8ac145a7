import PacketWire

/// What is changed of an ICMP message when it is built.
struct MessageEdits {
  /// `nil` leaves the message its own.
  private let code: UInt8?
  private let breaksChecksum: Bool

  /// `nil` when nothing is.
  init?(_ options: HeaderOptions) {
    guard options.code != nil || options.hasBadChecksum else { return nil }
    (code, breaksChecksum) = (options.code, options.hasBadChecksum)
  }

  /// Changes a message that is right.
  func apply(to message: inout [UInt8]) {
    guard message.count >= ICMPv4Header.length else { return }
    let before = message[1]
    message[1] = code ?? before
    var checksum = UInt16(message[2]) << 8 | UInt16(message[3])
    // A checksum of zero is the kernel's to fill in (RFC 3542 §3.1).
    if checksum != 0 {
      var sum = InternetChecksum()
      // RFC 1624 §3: equation 3.
      sum.add(~checksum)
      sum.add(~UInt16(before))
      sum.add(UInt16(message[1]))
      checksum = sum.value
    }
    if breaksChecksum { checksum ^= 0x5555 }
    (message[2], message[3]) = (UInt8(checksum >> 8), UInt8(truncatingIfNeeded: checksum))
  }
}
