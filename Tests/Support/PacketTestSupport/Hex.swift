/// Octets from a hex dump: blanks and new lines are skipped, `#` starts a comment.
public func hex(_ text: String) -> [UInt8] {
  let digits = text.split(separator: "\n").flatMap { $0.prefix { $0 != "#" } }
    .filter { !$0.isWhitespace }
  precondition(digits.count.isMultiple(of: 2), "odd number of hex digits")
  return stride(from: 0, to: digits.count, by: 2).map {
    guard let octet = UInt8(String(digits[$0...$0 + 1]), radix: 16) else {
      preconditionFailure("not a hex digit in: \(digits[$0])\(digits[$0 + 1])")
    }
    return octet
  }
}
