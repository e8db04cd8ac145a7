import PacketWire

extension PPPProtocol {
  /// Compression control (RFC 1962).
  static let compressionControl = PPPProtocol(rawValue: 0x80fd)

  /// What an option of this control protocol is called; nil for a kind that has no name, which the
  /// control protocols other than LCP do not know.
  func optionName(_ kind: UInt8) -> String? {
    switch self {
    case .lcp: kind < 31 ? Self.linkOptions[Int(kind)] : nil
    case .ipcp:
      switch kind {
      case 1: "IP-Addrs"
      case 2: "IP-Comp"
      case 3: "IP-Addr"
      case 4: "Home-Addr"
      case 129: "Pri-DNS"
      case 130: "Pri-NBNS"
      case 131: "Sec-DNS"
      case 132: "Sec-NBNS"
      default: "unknown"
      }
    case .ipv6cp: kind == 1 ? "Interface-ID" : "unknown"
    default:
      switch kind {
      case 0: "OUI"
      case 1: "Pred-1"
      case 2: "Pred-2"
      case 3: "Puddle"
      case 16: "HP-PPC"
      case 17: "Stac-LZS"
      case 18: "MPPC"
      case 19: "Gand-FZA"
      case 20: "V.42bis"
      case 21: "BSD-Comp"
      case 23: "LZS-DCP"
      case 24: "MVRCA"
      case 25: "DCE"
      case 26: "Deflate"
      case 27: "Reserved"
      default: "Unknown"
      }
    }
  }

  private static let linkOptions = [
    "Vend-Ext", "MRU", "ACCM", "Auth-Prot", "Qual-Prot", "Magic-Num", "deprecated(6)", "PFC",
    "ACFC",
    "FCS-Alt", "SDP", "Num-Mode", "deprecated(12)", "Call-Back", "deprecated(14)", "deprecated(15)",
    "deprecated(16)", "MRRU", "12-Bit seq #", "End-Disc", "Proprietary", "DCE-Id", "MP+",
    "Link-Disc",
    "LCP-Auth-Opt", "COBS", "Prefix-elision", "Multilink-header-Form", "I18N", "SDL-over-SONET/SDH",
    "PPP-Muxing",
  ]
}
