import PacketWire

/// The octets of a pcapng block that is being written, little-endian, or of its options alone.
struct BlockBuilder {
  /// Octets that the value of an option can have.
  private static let maximumOptionLength = Int(UInt16.max)

  private var octets: [UInt8] = []
  private var hasOptions = false

  /// Options alone.
  init() {}

  /// A block of a type; its length is filled in at the end.
  init(_ type: UInt32) {
    append(type)
    append(0 as UInt32)
  }

  mutating func append(_ word: some FixedWidthInteger) {
    octets += [UInt8](littleEndian: word)
  }

  /// A time: two words, each little-endian, the upper one first.
  mutating func append(upperHalfFirst tick: UInt64) {
    append(UInt32(truncatingIfNeeded: tick >> 32))
    append(UInt32(truncatingIfNeeded: tick))
  }

  /// Octets, and as many zeros as make the length a multiple of four.
  mutating func append(padded value: [UInt8]) {
    octets += value
    octets += repeatElement(0, count: -value.count & 3)
  }

  /// An option, or a record of a Name Resolution Block.
  mutating func option(_ code: UInt16, octets value: [UInt8]) {
    append(code)
    append(UInt16(value.count))
    append(padded: value)
    hasOptions = code != CommonOption.end
  }

  /// A text option, where there is one. `prefix` goes before it.
  mutating func option(_ code: UInt16, _ text: String?, after prefix: [UInt8] = []) {
    guard let text else { return }
    option(code, octets: prefix + Self.cut(text, to: Self.maximumOptionLength - prefix.count))
  }

  /// A number, where there is one.
  mutating func option(_ code: UInt16, _ number: (some FixedWidthInteger)?) {
    if let number { option(code, octets: .init(littleEndian: number)) }
  }

  mutating func comments(_ comments: [String]) {
    for comment in comments { option(CommonOption.comment, comment) }
  }

  /// An address and its names, in as many records as they need.
  mutating func append(_ record: CapturedNames.Record) {
    let (type, address): (UInt16, [UInt8]) =
      switch record.address {
      case .ipv4(let address): (NameRecordType.ipv4, .init(bigEndian: address.bits))
      case .ipv6(let address): (NameRecordType.ipv6, .init(bigEndian: address.bits))
      case .eui48(let address):
        (NameRecordType.eui48, [UInt8](capacity: 6) { $0.append(bigEndian48: address.bits) })
      case .eui64(let address): (NameRecordType.eui64, .init(bigEndian: address))
      }
    let room = Self.maximumOptionLength - address.count
    var value: [UInt8] = []
    for name in record.names {
      let octets = Self.cut(name, to: room - 1).filter { $0 != 0 }
      guard !octets.isEmpty else { continue }
      if value.count + octets.count + 1 > room {
        option(type, octets: address + value)
        value = []
      }
      value += octets + [0]
    }
    if !value.isEmpty { option(type, octets: address + value) }
  }

  /// The options with their end, if there are any.
  mutating func endedOptions() -> [UInt8] {
    if hasOptions { option(CommonOption.end, octets: []) }
    return octets
  }

  /// The block with both its lengths.
  mutating func finish() -> [UInt8] {
    _ = endedOptions()
    let length = [UInt8](littleEndian: UInt32(clamping: octets.count + 4))
    octets.replaceSubrange(4..<8, with: length)
    return octets + length
  }

  /// The text's first `limit` octets, and no part of a character.
  private static func cut(_ text: String, to limit: Int) -> [UInt8] {
    let octets = Array(text.utf8)
    guard octets.count > limit else { return octets }
    var end = limit
    while end > 0, octets[end] & 0xc0 == 0x80 { end -= 1 }
    return Array(octets[..<end])
  }
}

extension [UInt8] {
  /// A number, most significant octet first.
  init(bigEndian word: some FixedWidthInteger) {
    self.init(capacity: word.bitWidth / 8) { $0.append(bigEndian: word) }
  }

  /// A number, least significant octet first.
  init(littleEndian word: some FixedWidthInteger) { self.init(bigEndian: word.byteSwapped) }
}

extension OutputSpan<UInt8> {
  /// Appends any fixed-width number, least significant octet first.
  mutating func append(littleEndian word: some FixedWidthInteger) {
    append(bigEndian: word.byteSwapped)
  }
}
