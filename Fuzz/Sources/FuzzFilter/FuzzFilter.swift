import PacketFields
import PacketWire

/// The first octet says how long the expression is that follows; behind it is a packet, which it is
/// asked about.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count >= 1, let data = unsafe data else { return 0 }
  let input = [UInt8](unsafe UnsafeBufferPointer(start: data, count: count))
  let length = min(Int(input[0]), count - 1)
  let expression = String(decoding: input[1..<1 + length], as: UTF8.self)
  let octets = [UInt8](input[(1 + length)...])
  do throws(DisplayFilterError) {
    let filter = try DisplayFilter(expression, surroundings)
    var printer = FieldPrinter([], where: filter)
    let frame = Frame(
      decoding: octets.span, linkType: .ethernet, originalLength: octets.count)
    let packet = FieldPacket(
      number: 1, time: WallInstant(nanoseconds: 0), originalLength: octets.count)
    _ = printer.read(packet, frame, octets.span)
  } catch {
    precondition(
      error.range.lowerBound >= 0 && error.range.upperBound <= expression.utf8.count, "outside")
    for text in [error.message] + error.marked(in: expression) {
      precondition(!text.utf8.contains { $0 < 0x20 || $0 == 0x7f }, "a control character")
    }
  }
  return 0
}

/// A pattern is found wherever its first octet is.
private struct FirstOctet: TextPattern {
  let octet: UInt8?

  func isFound(in octets: Span<UInt8>) -> Bool {
    guard let octet else { return true }
    return octets.indices.contains { octets[$0] == octet }
  }
  var gaveUpCount: Int { 0 }
}

private let surroundings = DisplayFilter.Surroundings(
  pattern: { text throws(DisplayFilter.PatternError) in
    if text.hasPrefix("(") { throw DisplayFilter.PatternError("not closed") }
    return FirstOctet(octet: text.utf8.first)
  }, secondsEastOfUTC: { _ in 3600 })
