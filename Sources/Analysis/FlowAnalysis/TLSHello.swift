import PacketWire

// A hello is walked with offsets, and where a length does not fit, what was read so far counts.

extension TLSClientHello {
  /// Reads the body of a ClientHello (RFC 8446 §4.1.2); nil when it is too short for one.
  init?(_ body: Span<UInt8>) {
    guard body.count >= 35 else { return nil }
    version = body.u16(at: 0)
    var offset = 34
    guard body.skipVector(&offset, lengthOctets: 1), body.skipVector(&offset, lengthOctets: 2),
      body.skipVector(&offset, lengthOctets: 1)
    else { return }
    var hello = self
    body.forEachExtension(from: offset) { type, value in hello.note(type, body, value) }
    self = hello
  }

  private mutating func note(_ type: UInt16, _ body: Span<UInt8>, _ value: Range<Int>) {
    switch type {
    case 0: noteServerName(body.extracting(value))
    case 16: noteProtocols(body.extracting(value))
    case 43: noteVersions(body.extracting(value))
    case 0xfe0d: hasEncryptedHello = true
    default: break
    }
  }

  /// RFC 6066 §3: a list of names, of which only type 0 exists.
  private mutating func noteServerName(_ value: Span<UInt8>) {
    guard value.count >= 5, value[2] == 0 else { return }
    let length = Int(value.u16(at: 3))
    guard 5 + length <= value.count else { return }
    serverName = UntrustedText(value.extracting(5..<5 + length), limit: 255)
  }

  /// RFC 7301 §3.1: a list of names of at most 255 octets.
  private mutating func noteProtocols(_ value: Span<UInt8>) {
    var offset = 2
    while offset < value.count, applicationProtocols.count < 8 {
      let end = offset + 1 + Int(value[offset])
      guard end <= value.count else { return }
      applicationProtocols.append(UntrustedText(value.extracting(offset + 1..<end), limit: 255))
      offset = end
    }
  }

  /// RFC 8446 §4.2.1; values 0x?a?a are noise on purpose (RFC 8701 §2).
  private mutating func noteVersions(_ value: Span<UInt8>) {
    var best: UInt16 = 0
    for offset in stride(from: 1, to: value.count - 1, by: 2) {
      let offered = value.u16(at: offset)
      if offered & 0x0f0f != 0x0a0a { best = max(best, offered) }
    }
    if best != 0 { version = best }
  }
}

extension TLSServerHello {
  /// SHA-256 of "HelloRetryRequest", as the first half of the random (RFC 8446 §4.1.3).
  private static let retryRandom: UInt64 = 0xcf21_ad74_e59a_6111

  /// Reads the body of a ServerHello (RFC 8446 §4.1.3); nil when it is too short for one.
  init?(_ body: Span<UInt8>) {
    guard body.count >= 38 else { return nil }
    version = body.u16(at: 0)
    isRetryRequest = body.u64(at: 2) == Self.retryRandom
    var offset = 34
    guard body.skipVector(&offset, lengthOctets: 1), offset + 3 <= body.count else { return nil }
    cipherSuite = body.u16(at: offset)
    var chosen: UInt16?
    body.forEachExtension(from: offset + 3) { type, value in
      if type == 43, value.count == 2 { chosen = body.u16(at: value.lowerBound) }
    }
    version = chosen ?? version
  }
}

extension Span<UInt8> {
  /// Moves `offset` behind a vector whose length stands in its first `lengthOctets`; false when it
  /// does not fit.
  fileprivate func skipVector(_ offset: inout Int, lengthOctets: Int) -> Bool {
    guard offset + lengthOctets <= count else { return false }
    let length = lengthOctets == 1 ? Int(self[offset]) : Int(u16(at: offset))
    offset += lengthOctets + length
    return offset <= count
  }

  /// Calls `body` with the type of each extension and where its value stands.
  fileprivate func forEachExtension(from start: Int, _ body: (UInt16, Range<Int>) -> Void) {
    var offset = start + 2
    while offset + 4 <= count {
      let end = offset + 4 + Int(u16(at: offset + 2))
      guard end <= count else { return }
      body(u16(at: offset), offset + 4..<end)
      offset = end
    }
  }
}
