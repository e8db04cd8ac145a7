import PacketWire

// The lines of a head of HTTP/1.x (RFC 9112 §2.1), which others have taken over: RTSP, SIP, SSDP.
extension Span<UInt8> {
  /// The line at `offset` without its end, and where the next one begins: behind all octets when the
  /// line has no end.
  public func httpLine(at offset: Int) -> (content: Range<Int>, next: Int) {
    var end = firstIndex(of: ASCII.lineFeed, from: offset)
    let next = end + 1
    // RFC 9112 §2.2: a lone line feed may be taken as the end of a line.
    if end > offset, self[end - 1] == ASCII.carriageReturn { end -= 1 }
    return (offset..<end, next)
  }

  /// The name and the value of the field in `line` (RFC 9112 §5), blanks around them left out.
  public func httpField(in line: Range<Int>) -> (name: Range<Int>, value: Range<Int>)? {
    var colon = line.lowerBound
    while colon < line.upperBound, self[colon] != UInt8(ascii: ":") { colon += 1 }
    guard colon > line.lowerBound, colon < line.upperBound else { return nil }
    return (trimmed(line.lowerBound..<colon), trimmed(colon + 1..<line.upperBound))
  }

  /// `range` without blanks and tabs at both ends (OWS, RFC 9110 §5.6.3).
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isBlank(start) { start += 1 }
    while end > start, isBlank(end - 1) { end -= 1 }
    return start..<end
  }

  private func isBlank(_ index: Int) -> Bool {
    self[index] == ASCII.space || self[index] == ASCII.tab
  }

  /// There is no octet but perhaps `octet`.
  func isNothing(but octet: UInt8) -> Bool {
    for index in indices where self[index] != octet { return false }
    return true
  }

  /// `text` stands at `offset`, octet for octet.
  func holds(_ text: String, at offset: Int) -> Bool {
    let other = text.utf8.span
    guard count - offset >= other.count else { return false }
    for index in other.indices where self[offset + index] != other[index] { return false }
    return true
  }

  /// `text`, of small letters, is what stands in `range`; the case of ASCII letters does not count.
  public func isSameASCII(as text: String, in range: Range<Int>) -> Bool {
    let other = text.utf8.span
    guard range.count == other.count else { return false }
    for index in other.indices
    where ASCII.lowercased(self[range.lowerBound + index]) != other[index] {
      return false
    }
    return true
  }
}
