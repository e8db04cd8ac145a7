/// The identifier octets of DER that a certificate is made of (X.690 §8.1.2).
enum DERTag {
  static let integer: UInt8 = 0x02
  static let octetString: UInt8 = 0x04
  static let objectIdentifier: UInt8 = 0x06
  static let universalString: UInt8 = 0x1c
  static let utcTime: UInt8 = 0x17
  static let generalizedTime: UInt8 = 0x18
  static let bmpString: UInt8 = 0x1e
  static let sequence: UInt8 = 0x30
  static let set: UInt8 = 0x31

  /// An element in a place of its own, which holds another one (X.680 §31.2).
  static func context(_ number: UInt8) -> UInt8 { 0xa0 | number }
}

// Nothing here calls itself: whoever reads an element asks for each one in it.
extension PacketReader {
  /// How the next element begins; nil at the end.
  var nextTag: UInt8? { available > 0 ? remaining[0] : nil }

  /// The content of the next element, which has to have that tag.
  ///
  /// Lengths are definite and as short as they can be (X.690 §10.1), and take three octets at most.
  @_lifetime(copy self)
  mutating func element(_ tag: UInt8) throws(PacketError) -> PacketReader {
    var ahead = self
    let fixed = try ahead.take(2, for: .x509)
    guard fixed[0] == tag else {
      throw PacketError(.x509, at: offset, .unsupported(UInt32(fixed[0])))
    }
    var length = Int(fixed[1])
    if length >= 0x80 {
      let octets = try ahead.take(length & 0x7f, for: .x509)
      length = 0
      for index in 0..<min(octets.count, 4) { length = length << 8 | Int(octets[index]) }
      guard (1...3).contains(octets.count), length >= 0x80, octets[0] > 0 else {
        throw PacketError(.x509, at: offset + 1, .badHeaderLength(length))
      }
    }
    let start = ahead.offset
    let content = try ahead.take(length, for: .x509)
    self = ahead
    return PacketReader(content, offset: start)
  }

  /// Steps over the next element, whatever it is.
  mutating func skipElement() throws(PacketError) {
    _ = try element(nextTag ?? 0)
  }
}
