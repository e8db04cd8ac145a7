import PacketWire

extension PacketPrinter {
  /// Modulation and coding of 802.11n (radiotap.org "MCS"): what is known, flags, index.
  func appendModulation(_ field: Span<UInt8>, into out: inout TextBuffer) {
    let (known, flags, index) = (field[0], field[1], field[2])
    if known & 0x02 != 0 {
      if known & 0x05 != 0, let rate = Self.tenths(ofIndex: index, flags: flags & known) {
        out.append(tenths: rate)
        out.append(" Mb/s ")
      }
      out.append("MCS ")
      out.append(decimal: index)
      out.append(octet: 0x20)
    }
    if known & 0x01 != 0 {
      switch flags & 3 {
      case 0: out.append("20 MHz ")
      case 1: out.append("40 MHz ")
      case 2: out.append("20 MHz (L) ")
      default: out.append("20 MHz (U) ")
      }
    }
    if known & 0x04 != 0 { out.append(flags & 0x04 != 0 ? "short GI " : "long GI ") }
    if known & 0x08 != 0 { out.append(flags & 0x08 != 0 ? "greenfield " : "mixed ") }
    if known & 0x10 != 0 { out.append(flags & 0x10 != 0 ? "LDPC FEC " : "BCC FEC ") }
    if known & 0x20 != 0 {
      out.append("RX-STBC")
      out.append(decimal: flags >> 5 & 3)
      out.append(octet: 0x20)
    }
  }

  /// The rate in tenths of a megabit a second, rounded (IEEE 802.11 §19.5): streams of equal
  /// modulation, and index 32, which only a channel of 40 MHz has.
  private static func tenths(ofIndex index: UInt8, flags: UInt8) -> UInt32? {
    let isWide = flags & 3 == 1
    let one: UInt32
    switch index {
    case 0..<32:
      let bits: InlineArray<8, UInt32> = [1, 2, 3, 4, 6, 8, 9, 10]
      one = bits[Int(index & 7)] &* UInt32(index / 8 &+ 1) &* (isWide ? 135 : 65)
    case 32 where isWide: one = 60
    default: return nil
    }
    // A short guard interval leaves nine tenths of the time.
    return flags & 4 != 0 ? (one &* 20 &+ 9) / 18 : one
  }

  /// Modulation and coding of 802.11ac (radiotap.org "VHT").
  func appendVHT(_ field: Span<UInt8>, into out: inout TextBuffer) {
    let known = field.u16(at: 0).byteSwapped
    for user in 0..<4 {
      let (streams, index) = (field[4 &+ user] & 15, field[4 &+ user] >> 4)
      guard streams > 0 else { continue }
      out.append("User ")
      out.append(decimal: user)
      out.append(" MCS ")
      out.append(decimal: index)
      out.append(field[8] >> user & 1 != 0 ? " LDPC FEC " : " BCC FEC ")
    }
    if known & 0x40 != 0 {
      let number = field[3] & 0x1f
      if let name = Self.bandwidth(number) {
        out.append(name)
      } else {
        out.append("unknown (")
        out.append(decimal: number)
        out.append(octet: 0x29)
      }
      out.append(octet: 0x20)
    }
    if known & 0x04 != 0 { out.append(field[2] & 0x04 != 0 ? "short GI " : "long GI ") }
  }

  /// A channel's width; in parentheses which part of it is used, upper and lower halves.
  private static func bandwidth(_ number: UInt8) -> String? {
    switch number {
    case 0: "20 MHz"
    case 1: "40 MHz"
    case 2: "20 MHz (L)"
    case 3: "20 MHz (U)"
    case 4: "80 MHz"
    case 5: "80 MHz (L)"
    case 6: "80 MHz (U)"
    case 7: "80 MHz (LL)"
    case 8: "80 MHz (LU)"
    case 9: "80 MHz (UL)"
    case 10: "80 MHz (UU)"
    case 11: "160 MHz"
    case 12: "160 MHz (L)"
    case 13: "160 MHz (U)"
    case 14: "160 MHz (LL)"
    case 15: "160 MHz (LU)"
    case 16: "160 MHz (UL)"
    case 17: "160 MHz (UU)"
    case 18: "160 MHz (LLL)"
    case 19: "160 MHz (LLU)"
    case 20: "160 MHz (LUL)"
    case 21, 25: "160 MHz (UUU)"
    case 22: "160 MHz (ULL)"
    case 23: "160 MHz (ULU)"
    case 24: "160 MHz (UUL)"
    default: nil
    }
  }
}
