import PacketWire

/// Changes words of a packet, and the checksums that cover them by as much (RFC 1624), so that damage
/// stays visible.
struct PacketRewriter {
  private(set) var octets: [UInt8]
  /// Where the checksum of an ICMP error stands, which covers all behind it: also the checksums there.
  private let enclosing: Int?

  init(_ octets: [UInt8], within enclosing: Int? = nil) {
    (self.octets, self.enclosing) = (octets, enclosing)
  }

  /// Where a checksum stands, in octets.
  enum Checksum: Sendable {
    case plain(Int)
    /// Of UDP over IPv4: zero says that there is none (RFC 768).
    case optional(Int)
  }

  /// Changes the word at an offset; one that is not there stays away.
  mutating func set(_ word: UInt16, at offset: Int, covering checksums: [Checksum]) {
    guard let old = self.word(at: offset) else { return }
    write(word, at: offset)
    for checksum in checksums {
      switch checksum {
      case .plain(let place):
        guard let sum = self.word(at: place) else { continue }
        write(sum.updatedChecksum(from: old, to: word), at: place)
      case .optional(let place):
        guard let sum = self.word(at: place), sum != 0 else { continue }
        let updated = sum.updatedChecksum(from: old, to: word)
        write(updated == 0 ? 0xffff : updated, at: place)
      }
    }
  }

  /// Changes the IPv4 address at an offset.
  mutating func set(_ address: IPv4Address, at offset: Int, covering checksums: [Checksum]) {
    set(UInt16(truncatingIfNeeded: address.bits >> 16), at: offset, covering: checksums)
    set(UInt16(truncatingIfNeeded: address.bits), at: offset + 2, covering: checksums)
  }

  private func word(at offset: Int) -> UInt16? {
    offset >= 0 && offset + 2 <= octets.count ? octets.span.u16(at: offset) : nil
  }

  private mutating func write(_ word: UInt16, at offset: Int) {
    let old = octets.span.u16(at: offset)
    octets.setWord(at: offset, word)
    guard let enclosing, offset > enclosing, let sum = self.word(at: enclosing) else { return }
    octets.setWord(at: enclosing, sum.updatedChecksum(from: old, to: word))
  }
}
