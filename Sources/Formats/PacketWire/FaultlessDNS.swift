extension Span<UInt8> {
  /// A DNS message (RFC 1035 §4.1) that is sure to be one: an ordinary query or its response, with one
  /// question of the Internet, every record whole, and nothing behind the last one. Chance finds none
  /// of it in other octets.
  var isFaultlessDNS: Bool {
    guard count >= DNSMessage.headerLength + 5 else { return false }
    let flags = u16(at: 2)
    let records = Int(u16(at: 6)) + Int(u16(at: 8)) + Int(u16(at: 10))
    // Opcode 0, the reserved bit 0; a query has neither answers nor a response code.
    guard flags & 0x7840 == 0, flags & 0xf <= 10, u16(at: 4) == 1, records <= 256,
      flags & 0x8000 != 0 || flags & 0xf == 0 && u16(at: 6) == 0
    else { return false }
    guard var end = endOfName(at: DNSMessage.headerLength, isCompressed: false),
      end + 4 <= count, u16(at: end) > 0, Self.isInternet(u16(at: end + 2))
    else { return false }
    end += 4
    for _ in 0..<records {
      guard let next = endOfRecord(at: end) else { return false }
      end = next
    }
    return end == count
  }

  private func endOfRecord(at start: Int) -> Int? {
    guard let fixed = endOfName(at: start, isCompressed: true), fixed + 10 <= count else {
      return nil
    }
    // The class of an OPT record is a size (RFC 6891 §6.1.2).
    guard u16(at: fixed) == 41 || Self.isInternet(u16(at: fixed + 2)) else { return nil }
    let end = fixed + 10 + Int(u16(at: fixed + 8))
    return end <= count ? end : nil
  }

  /// IN or ANY; the first bit has a meaning of its own in multicast DNS (RFC 6762 §5.4, §10.2).
  private static func isInternet(_ number: UInt16) -> Bool {
    number & 0x7fff == 1 || number & 0x7fff == 255
  }

  /// Where a name ends whose labels are letters as people write them.
  private func endOfName(at start: Int, isCompressed: Bool) -> Int? {
    var position = start
    while position < count {
      let length = Int(self[position])
      if length == 0 { return position + 1 }
      if length >= 0xc0 {
        return isCompressed && position + 2 <= count ? position + 2 : nil
      }
      let end = position + 1 + length
      guard length < 64, end < count, end - start <= 255 else { return nil }
      for index in position + 1..<end where !(0x21...0x7e).contains(self[index]) { return nil }
      position = end
    }
    return nil
  }
}
