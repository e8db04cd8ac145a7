public import PacketWire

/// What the DNS says of origins, in the form of Team Cymru's zones: TXT records whose text has bars
/// between its parts.
///
///     64500 64501 | 198.18.0.0/15 | ZZ | arin | 2001-01-01
///     64500 | ZZ | arin | 2001-01-01 | EXAMPLE-AS An example, ZZ
public enum OriginAnswer {
  /// The longest name that is kept, in octets.
  public static let longestName = 256

  /// Who runs `address`, by the records that are about the longest prefix that holds it; `nil` if none
  /// is. What says nothing about the address is passed over, whatever it is.
  public static func origin(of address: IPAddress, in message: DNSMessage) -> AddressOrigin? {
    var found: AddressOrigin?
    for text in texts(in: message) {
      guard let origin = origin(of: address, in: text) else { continue }
      guard let known = found else {
        found = origin
        continue
      }
      let (old, new) = (known.block.prefix?.length ?? 0, origin.block.prefix?.length ?? 0)
      if new > old { found = origin }
      guard new == old else { continue }
      let others = origin.numbers.filter { !known.numbers.contains($0) }
      let room = AddressOrigin.maximumNumbers - known.numbers.count
      found?.numbers += others.prefix(room)
    }
    return found
  }

  /// The name of an autonomous system; `nil` if no record says it.
  public static func name(of number: UInt32, in message: DNSMessage) -> String? {
    for text in texts(in: message) {
      let parts = parts(of: text)
      guard parts.count >= 5, numbers(parts[0]) == [number], !parts[4].isEmpty else { continue }
      // A name may have bars of its own.
      let name = text[parts[4].startIndex...].prefix(longestName)
      return String(decoding: trimmed(name), as: UTF8.self)
    }
    return nil
  }

  private static func origin(of address: IPAddress, in text: [UInt8]) -> AddressOrigin? {
    let parts = parts(of: text)
    guard parts.count >= 2 else { return nil }
    let network = parts[1]
    guard let prefix = IPPrefix(utf8: network.span), prefix.contains(address) else { return nil }
    let numbers = numbers(parts[0])
    guard !numbers.isEmpty else { return nil }
    var origin = AddressOrigin(numbers: numbers, block: AddressBlock(prefix))
    if parts.count > 2, parts[2].count == 2, parts[2].allSatisfy({ (0x41...0x5a).contains($0) }) {
      origin.country = String(decoding: parts[2], as: UTF8.self)
    }
    return origin
  }

  /// The texts of the TXT records; the strings of a record are one text.
  private static func texts(in message: DNSMessage) -> [[UInt8]] {
    message.answers.compactMap { record in
      guard case .txt(let strings) = record.data else { return nil }
      return Array(strings.joined())
    }
  }

  private static func parts(of text: [UInt8]) -> [ArraySlice<UInt8>] {
    text.split(separator: 0x7c, omittingEmptySubsequences: false).map { trimmed($0) }
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while text.first?.isBlank == true { text.removeFirst() }
    while text.last?.isBlank == true { text.removeLast() }
    return text
  }

  /// Numbers with blanks between; empty if one is none.
  private static func numbers(_ text: ArraySlice<UInt8>) -> [UInt32] {
    var numbers: [UInt32] = []
    for word in text.split(separator: 0x20).prefix(AddressOrigin.maximumNumbers) {
      let read = SystemNumbers.read(word.span)
      guard !read.isEmpty else { return [] }
      numbers += read.filter { !numbers.contains($0) }
    }
    return numbers
  }
}
