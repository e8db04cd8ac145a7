import PacketText
import PacketWire

/// The first octet says how the frame begins and the second how it is to be printed.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count >= 2, let data = unsafe data else { return 0 }
  let input = unsafe UnsafeBufferPointer(start: data, count: count)
  let linkType = linkTypes[Int(input[0]) % linkTypes.count]
  // Copied, so that the address sanitizer sees a read behind the end.
  let octets = [UInt8](input.dropFirst(2))
  var printer = PacketPrinter(options(input[1]))
  var text = TextBuffer(capacity: 0)
  var frame = Frame(decoding: octets.span, linkType: linkType, originalLength: octets.count + 4)
  let time = WallInstant(nanoseconds: 1_700_000_000_123_456_789)
  // Twice, because the printer remembers connections.
  for number in 1...2 {
    printer.line(
      for: frame, octets: octets.span, number: number, at: time,
      originalLength: octets.count + 4, into: &text)
  }
  check(text.octets)
  walkInwards(&frame, octets)
  return 0
}

private let linkTypes: [LinkType] = [
  .ethernet, .raw, .ipv4, .ipv6, .linuxSLL, .linuxSLL2, .null, .loop, .ppp, .pppHDLC, .pppoe,
  .ciscoHDLC, .frameRelay, .ieee80211, .radiotap, .nflog, .ipnet, .ppi, .pktap,
]

private func options(_ octet: UInt8) -> PacketTextOptions {
  var options = PacketTextOptions()
  options.isNumeric = octet & 1 != 0
  options.showsLinkHeader = octet & 2 != 0
  options.verbosity = Int(octet >> 2 & 3)
  options.isQuick = octet & 16 != 0
  options.showsAbsoluteSequenceNumbers = octet & 32 != 0
  options.dump =
    switch octet >> 6 {
    case 1: .hex(withLinkHeader: true)
    case 2: .hexAndASCII(withLinkHeader: true)
    case 3: .ascii(withLinkHeader: true)
    default: .none
    }
  return options
}

/// Lines of printable characters, whatever the packet holds; HTTP and dumps have tabs of ours.
private func check(_ text: [UInt8]) {
  for octet in text {
    precondition(octet >= 0x20 && octet != 0x7f || octet == 0x0a || octet == 0x09, "a control")
  }
  precondition(String(validating: text, as: UTF8.self) != nil, "not UTF-8")
  precondition(text.last == 0x0a, "a line that does not end")
}

private func walkInwards(_ frame: inout Frame, _ octets: [UInt8]) {
  var octets = octets
  for _ in 0..<Frame.maximumDepth {
    guard let carried = frame.carried(in: octets.span) else { return }
    precondition(carried.octets.upperBound <= octets.count, "beyond the frame")
    precondition(carried.octets.count < octets.count, "no further in")
    octets = Array(octets[carried.octets])
    frame = Frame(
      decoding: octets.span, linkType: carried.linkType, originalLength: carried.originalLength)
  }
}
