import PacketWire

extension ConversationBuilder {
  /// Cuts the last packet, of either family and without options, into pieces with `size` octets of what
  /// it carries, a multiple of eight; they come in this order, or in the order of the packet.
  public mutating func cutLastIntoPieces(of size: Int, order: [Int]? = nil) {
    let whole = removeLast().octets
    let isV6 = whole[12] == 0x86
    let head = 14 + (isV6 ? IPv6Header.length : IPv4Header.minimumLength)
    let starts = Array(stride(from: head, to: whole.count, by: size))
    for piece in order ?? Array(starts.indices) {
      let octets = Array(whole[starts[piece]..<min(starts[piece] + size, whole.count)])
      let offset = UInt16(starts[piece] - head)
      let isLast = starts[piece] + size >= whole.count
      var header = Array(whole[..<head])
      let length = UInt16(octets.count + (isV6 ? 8 : 20))
      if isV6 {
        header +=
          [header[20], 0] + Self.octets(of: offset | (isLast ? 0 : 1)) + [0, 0, 0x12, 0x34]
        header[20] = IPProtocol.fragment.rawValue
        (header[18], header[19]) = (UInt8(length >> 8), UInt8(length & 0xff))
      } else {
        (header[16], header[17]) = (UInt8(length >> 8), UInt8(length & 0xff))
        header.replaceSubrange(20..<22, with: Self.octets(of: offset / 8 | (isLast ? 0 : 0x2000)))
      }
      frame(header + octets)
    }
  }

  private static func octets(of word: UInt16) -> [UInt8] { [UInt8(word >> 8), UInt8(word & 0xff)] }
}
