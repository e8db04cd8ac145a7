import PacketWire

/// Builds pcapng blocks in either byte order.
enum ByteOrder: CaseIterable {
  case little, big

  func u16(_ word: UInt16) -> [UInt8] { octets(word) }
  func u32(_ word: UInt32) -> [UInt8] { octets(word) }
  func u64(_ word: UInt64) -> [UInt8] { octets(word) }

  /// An option with its padding.
  func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
    u16(code) + u16(UInt16(value.count)) + value
      + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
  }

  /// A block with both its lengths.
  func block(_ type: UInt32, _ body: [UInt8]...) -> [UInt8] {
    let body = Array(body.joined())
    let length = u32(UInt32(body.count + 12))
    return u32(type) + length + body + length
  }

  /// A section header of 28 octets, with the length -1 that means "unknown".
  func sectionHeader(major: UInt16 = 1, minor: UInt16 = 0) -> [UInt8] {
    block(0x0a0d_0d0a, u32(0x1a2b_3c4d), u16(major), u16(minor), u64(.max))
  }

  private func octets(_ word: some FixedWidthInteger) -> [UInt8] {
    [UInt8](capacity: word.bitWidth / 8) {
      $0.append(bigEndian: self == .big ? word : word.byteSwapped)
    }
  }
}
