import PacketWire

extension PacketPrinter {
  /// Appends what `options.dump` asks for under the line, from the network header on or with the link
  /// header.
  func appendDump(_ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer) {
    let start = min(dumpStart(of: frame, octets), octets.count)
    switch options.dump {
    case .none: return
    case .hex(let withLink):
      out.append(hexDump: octets.extracting(droppingFirst: withLink ? 0 : start))
    case .hexAndASCII(let withLink):
      out.append(hexAndASCIIDump: octets.extracting(droppingFirst: withLink ? 0 : start))
    case .ascii(let withLink):
      let first = withLink ? 0 : start
      if first < octets.count { out.append(asciiDump: octets.extracting(droppingFirst: first)) }
    }
  }

  /// Where the link header ends, as tcpdump has it: labels, tunnels and the like are shown with what
  /// they carry.
  private func dumpStart(of frame: Frame, _ octets: Span<UInt8>) -> Int {
    // A link header that ends too early is shown from its start.
    if case .truncated? = frame.problem?.reason, !frame.hasNetwork {
      switch frame.problem?.layer {
      case .vlan?: return frame.networkOffset
      case .mpls?, .pppoe?, .ppp?: return 0
      default: break
      }
    }
    switch (frame.link, frame.linkType) {
    case (_, .ppp), (_, .pppHDLC), (_, .ciscoHDLC): return 4
    case (.ethernet(let header), _) where header.type != .ipv4 && header.type != .ipv6:
      let (type, offset) = untagged(header.type, octets, from: EthernetHeader.length)
      guard type.isLength, offset <= octets.count else { return offset }
      var reader = PacketReader(octets.extracting(droppingFirst: offset))
      guard let header = try? LLCHeader(parsing: &reader) else { return offset }
      return offset &+ header.length &+ (header.carriesSNAP ? SNAPHeader.length : 0)
    default: return frame.networkOffset
    }
  }

  /// Octets that no printer reads are shown unless all are shown anyway.
  func appendUnknown(
    _ octets: Span<UInt8>, from offset: Int, into out: inout TextBuffer
  ) {
    guard options.dump == .none, offset < octets.count else { return }
    out.append(hexAndASCIIDump: octets.extracting(droppingFirst: offset))
  }
}

extension TextBuffer {
  private static let perLine = 16

  /// Appends lines of sixteen octets in hex, each begun by a line feed, an indent and its offset.
  mutating func append(hexDump octets: Span<UInt8>, indented indent: String = "\n\t") {
    var offset = 0
    while offset < octets.count {
      append(indent)
      append(dumpOffset: offset)
      append(hexPairs: octets, from: offset)
      offset &+= Self.perLine
    }
  }

  /// The same with the octets as ASCII beside them; what is not graphic is a dot.
  mutating func append(hexAndASCIIDump octets: Span<UInt8>) {
    var offset = 0
    while offset < octets.count {
      append("\n\t")
      append(dumpOffset: offset)
      let start = count
      append(hexPairs: octets, from: offset)
      padRight(from: start, to: 42)
      for index in offset..<min(offset &+ Self.perLine, octets.count) {
        let octet = octets[index]
        append(octet: octet.isGraphic ? octet : 0x2e)
      }
      offset &+= Self.perLine
    }
  }

  /// Appends octets as text on lines of their own: line feeds, tabs and blanks stay, the carriage
  /// return of a line end, or at the very end, is dropped, and what is not graphic is a dot.
  mutating func append(asciiDump octets: Span<UInt8>) {
    newline()
    for index in octets.indices {
      let octet = octets[index]
      if octet == 0x0d {
        let next = index &+ 1
        if next == octets.count || octets[next] == 0x0a { continue }
      }
      let stays = octet.isGraphic || octet == 0x20 || octet == 0x09 || octet == 0x0a
      append(octet: stays ? octet : 0x2e)
    }
  }

  private mutating func append(dumpOffset offset: Int) {
    append("0x")
    append(hex: UInt32(truncatingIfNeeded: offset), digits: 4)
    append(": ")
  }

  private mutating func append(hexPairs octets: Span<UInt8>, from start: Int) {
    for index in start..<min(start &+ Self.perLine, octets.count) {
      if index & 1 == 0 { append(octet: 0x20) }
      append(hex: octets[index])
    }
  }
}

extension UInt8 {
  /// A character of ASCII that leaves ink.
  var isGraphic: Bool { (0x21...0x7e).contains(self) }
}
