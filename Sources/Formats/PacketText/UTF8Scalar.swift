/// What stands at one place of octets that may or may not be UTF-8.
@frozen
public enum UTF8Scalar: Hashable, Sendable {
  /// A well-formed scalar value and how many octets it takes, 1 to 4.
  case scalar(Unicode.Scalar, length: Int)
  /// An octet that begins nothing well-formed: a stray continuation, an overlong form, a surrogate, a
  /// value beyond U+10FFFF or a sequence that was cut off.
  case invalid(UInt8)

  /// Reads at `offset`, which must be inside `octets`. After an invalid octet the next place to read
  /// is one further, so that no octet is lost.
  ///
  /// RFC 3629 §3 and §4: the first two octets show an overlong form, the value shows a surrogate and
  /// the end of the code space.
  public init(_ octets: Span<UInt8>, at offset: Int) {
    let first = octets[offset]
    guard first >= 0x80 else {
      self = .scalar(Unicode.Scalar(first), length: 1)
      return
    }
    let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    let second: ClosedRange<UInt8>
    switch first {
    case 0xe0: second = 0xa0...0xbf
    case 0xf0: second = 0x90...0xbf
    case 0xc2...0xf4: second = 0x80...0xbf
    default:
      self = .invalid(first)
      return
    }
    guard octets.count &- offset >= length, second.contains(octets[offset &+ 1]) else {
      self = .invalid(first)
      return
    }
    var value = UInt32(first & (0x7f >> UInt8(truncatingIfNeeded: length)))
    for index in 1..<length {
      let octet = octets[offset &+ index]
      guard octet & 0xc0 == 0x80 else {
        self = .invalid(first)
        return
      }
      value = value << 6 | UInt32(octet & 0x3f)
    }
    // Surrogates and what is beyond U+10FFFF are no scalar values.
    self = Unicode.Scalar(value).map { .scalar($0, length: length) } ?? .invalid(first)
  }
}
