import PacketWire

extension ReceivedPacket {
  /// A router may send it on in pieces: only IPv4, and only where the sender allows it (RFC 791 §2.3,
  /// RFC 8200 §4.5).
  var mayBeFragmented: Bool {
    switch header {
    case .ipv4(let header): !header.dontFragment
    case .ipv6: false
    }
  }

  /// The packet in pieces of at most `mtu` octets, in their order (RFC 791 §3.2); empty unless
  /// `mayBeFragmented`. No link takes less than 68 octets, which is the longest header and eight more.
  func fragments(mtu: Int) -> [[UInt8]] {
    guard case .ipv4(var header) = header, mayBeFragmented else { return [] }
    let payload = octets[header.length...]
    let (start, hasMore) = (header.fragmentOffset, header.moreFragments)
    var pieces: [[UInt8]] = []
    var offset = 0
    while offset < payload.count {
      if offset > 0 { header.options = header.options.copiedToFragments }
      let room = max(mtu - header.length, 8) & ~7
      let isLast = payload.count - offset <= room
      let piece = payload.dropFirst(offset).prefix(room)
      // Thirteen bits count in eights; a fragment that claims to reach further is not sent on.
      guard start + offset <= 8 * 0x1fff, (try? header.fill(payloadLength: piece.count)) != nil
      else { break }
      header.flagsAndOffset &= 0xc000
      header.flagsAndOffset |= UInt16((start + offset) / 8)
      if !isLast || hasMore { header.flagsAndOffset |= 0x2000 }
      header.checksum = header.computedChecksum
      pieces.append(
        [UInt8](capacity: header.length + piece.count) {
          header.write(to: &$0)
          for octet in piece { $0.append(octet) }
        })
      offset += room
    }
    return pieces
  }
}

extension OptionOctets {
  /// The options that every fragment has; the first one has the others too (RFC 791 §3.1, the first
  /// bit of an option's type). What cannot be read ends them.
  fileprivate var copiedToFragments: OptionOctets {
    var copied: [UInt8] = []
    var index = 0
    while index < count {
      let type = self[index]
      if type == 0 { break }
      let length = type == 1 ? 1 : index + 1 < count ? Int(self[index + 1]) : 0
      guard length >= 1, index + length <= count else { break }
      if type & 0x80 != 0 { for place in index..<index + length { copied.append(self[place]) } }
      index += length
    }
    return OptionOctets(padding: copied) ?? OptionOctets()
  }
}
