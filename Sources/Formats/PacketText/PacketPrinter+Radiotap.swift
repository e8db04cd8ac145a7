import PacketWire

/// What a radiotap header says of the frame behind it.
struct RadiotapSummary {
  /// Of the whole header, in octets.
  var length: Int
  /// The frame ends with its check sequence.
  var hasCheckSequence = false
  /// The 802.11 header is padded to a multiple of four.
  var isPadded = false
}

/// Walks the fields of a radiotap header, which stand in the order of their bits, each at a multiple of
/// its own alignment from the header's start.
private struct RadiotapCursor {
  var offset: Int
  let end: Int

  /// Where the next field is; nil if the header ends before its end.
  mutating func take(_ size: Int, aligned alignment: Int) -> Int? {
    let start = (offset &+ alignment &- 1) / alignment &* alignment
    guard start &+ size <= end else { return nil }
    offset = start &+ size
    return start
  }
}

extension Span<UInt8> {
  /// The numbers of radiotap are little-endian.
  fileprivate func little16(at offset: Int) -> UInt16 { u16(at: offset).byteSwapped }
  fileprivate func little32(at offset: Int) -> UInt32 { u32(at: offset).byteSwapped }
}

extension PacketPrinter {
  /// Appends the fields of the radiotap header (radiotap.org "Defined fields") at the front of
  /// `octets`; nil, and nothing appended, if it is not all there.
  mutating func appendRadiotap(
    _ octets: Span<UInt8>, into out: inout TextBuffer
  ) -> RadiotapSummary? {
    var reader = PacketReader(octets)
    guard let start = try? RadiotapHeader(parsing: &reader),
      (RadiotapHeader.length...octets.count).contains(Int(start.wholeLength))
    else { return nil }
    let header = octets.extracting(first: Int(start.wholeLength))
    var summary = RadiotapSummary(length: header.count)
    // Words of presence, each but the last with the highest bit.
    var end = 4
    repeat {
      end &+= 4
      guard end <= header.count else { return nil }
    } while header[end &- 1] & 0x80 != 0
    var cursor = RadiotapCursor(offset: end, end: header.count)
    var first = 0
    for word in stride(from: 4, to: end, by: 4) {
      let present = header.little32(at: word)
      guard append(present, from: first, header, &cursor, &summary, into: &out) else { break }
      // What the next word counts: on, anew (29), or of a vendor (30).
      first = present & 0x6000_0000 == 0 ? first &+ 32 : 0
      if present & 0x4000_0000 != 0 {
        // What stands behind a vendor's own fields is theirs too.
        guard let vendor = cursor.take(6, aligned: 2),
          cursor.take(Int(header.little16(at: vendor &+ 4)), aligned: 1) != nil
        else {
          appendCut("802.11_radio", into: &out)
          break
        }
        break
      }
    }
    return summary
  }

  /// Appends the fields of one word of presence, whose lowest bit is number `first`; false when what
  /// follows cannot be found.
  private mutating func append(
    _ present: UInt32, from first: Int, _ header: Span<UInt8>, _ cursor: inout RadiotapCursor,
    _ summary: inout RadiotapSummary, into out: inout TextBuffer
  ) -> Bool {
    for bit in 0..<29 where present & 1 << bit != 0 {
      guard first == 0, let (size, alignment) = Self.shape(ofField: bit) else {
        out.append("[bit ")
        out.append(decimal: first &+ bit)
        out.append("] ")
        return false
      }
      guard let place = cursor.take(size, aligned: alignment) else {
        appendCut("802.11_radio", into: &out)
        return false
      }
      switch bit {
      case 1: append(flags: header[place], &summary, into: &out)
      case 3:
        // An extended channel says the same, and more.
        guard present & 1 << 18 == 0 else { break }
        append(
          channel: header.little16(at: place), flags: UInt32(header.little16(at: place &+ 2)),
          present, into: &out)
      case 18:
        append(
          channel: header.little16(at: place &+ 4), flags: header.little32(at: place), present,
          into: &out)
      case 19: appendModulation(header.extracting(place..<place &+ 3), into: &out)
      case 21: appendVHT(header.extracting(place..<place &+ 12), into: &out)
      default: append(field: bit, header, at: place, into: &out)
      }
    }
    return true
  }

  /// Size and alignment of a field; nil for one that is not known.
  private static func shape(ofField bit: Int) -> (size: Int, alignment: Int)? {
    switch bit {
    case 0: (8, 8)
    case 1, 2, 5, 6, 10...13: (1, 1)
    case 3: (4, 2)
    case 4: (2, 1)
    case 7...9, 14: (2, 2)
    case 18: (8, 4)
    case 19: (3, 1)
    case 20: (8, 4)
    case 21: (12, 2)
    default: nil
    }
  }

  private func append(
    field bit: Int, _ header: Span<UInt8>, at place: Int, into out: inout TextBuffer
  ) {
    switch bit {
    case 0:
      out.append(decimal: header.u64(at: place).byteSwapped)
      out.append("us tsft ")
    case 2:
      let rate = header[place]
      if (0x80...0x8f).contains(rate) {
        out.append("MCS ")
        out.append(decimal: rate & 0x7f)
        out.append(octet: 0x20)
      } else {
        out.append(tenths: UInt32(rate) &* 5)
        out.append(" Mb/s ")
      }
    case 4:
      out.append("fhset ")
      out.append(decimal: header[place])
      out.append(" fhpat ")
      out.append(decimal: header[place &+ 1])
      out.append(octet: 0x20)
    case 5: append(signed: header[place], "dBm signal ", into: &out)
    case 6: append(signed: header[place], "dBm noise ", into: &out)
    case 7: append(Int(header.little16(at: place)), " sq ", into: &out)
    case 8: append(-Int(header.little16(at: place)), " tx power ", into: &out)
    case 9: append(-Int(header.little16(at: place)), "dB tx attenuation ", into: &out)
    case 10: append(signed: header[place], "dBm tx power ", into: &out)
    case 11:
      out.append("antenna ")
      append(Int(header[place]), " ", into: &out)
    case 12: append(Int(header[place]), "dB signal ", into: &out)
    case 13: append(Int(header[place]), "dB noise ", into: &out)
    default: break
    }
  }

  private func append(_ value: Int, _ unit: String, into out: inout TextBuffer) {
    out.append(decimal: value)
    out.append(unit)
  }

  private func append(signed octet: UInt8, _ unit: String, into out: inout TextBuffer) {
    append(Int(Int8(bitPattern: octet)), unit, into: &out)
  }

  private func append(
    flags: UInt8, _ summary: inout RadiotapSummary, into out: inout TextBuffer
  ) {
    if flags & 0x01 != 0 { out.append("cfp ") }
    if flags & 0x02 != 0 { out.append("short preamble ") }
    if flags & 0x04 != 0 { out.append("wep ") }
    if flags & 0x08 != 0 { out.append("fragmented ") }
    if flags & 0x40 != 0 { out.append("bad-fcs ") }
    summary.hasCheckSequence = flags & 0x10 != 0
    summary.isPadded = flags & 0x20 != 0
  }

  private func append(
    channel megahertz: UInt16, flags: UInt32, _ present: UInt32, into out: inout TextBuffer
  ) {
    out.append(decimal: megahertz)
    out.append(" MHz")
    func has(_ bits: UInt32) -> Bool { flags & bits == bits }
    let width = has(0x4000) ? "/10Mhz" : has(0x8000) ? "/5Mhz" : ""
    if present & 1 << 19 != 0 {
      out.append(" 11n")
    } else {
      if has(0x880) { out.append(" FHSS") }
      if has(0x140) {
        out.append(" 11a")
        out.append(width)
      }
      if has(0x0c0) || has(0x480) {
        out.append(" 11g")
        out.append(width)
      } else if has(0x0a0) {
        out.append(" 11b")
      }
      if has(0x010) { out.append(" Turbo") }
    }
    if has(0x10000) {
      out.append(" ht/20")
    } else if has(0x40000) {
      out.append(" ht/40-")
    } else if has(0x20000) {
      out.append(" ht/40+")
    }
    out.append(octet: 0x20)
  }
}
