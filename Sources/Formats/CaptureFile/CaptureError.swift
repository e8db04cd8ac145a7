/// Why a capture file could not be read further, and where.
public struct CaptureError: Error, Hashable, Sendable {
  /// The part of the file that could not be read.
  public enum Element: Hashable, Sendable {
    /// The octets that say what kind of file this is, and a pcap file's header.
    case fileHeader
    /// A pcap record, counted from 1.
    case record(Int)
    /// The type and length of a pcapng block.
    case blockHeader
    /// A pcapng block of this type.
    case block(UInt32)
  }

  /// What was wrong. Lengths are in octets.
  public enum Reason: Hashable, Sendable {
    /// The file ends inside the element, which needs `needed` octets where `available` are left.
    case truncated(needed: Int, available: Int)
    /// The first four octets, read as a big-endian number, are of no pcap or pcapng file.
    case unknownMagic(UInt32)
    /// The format has a version that this reader does not know.
    case unsupportedVersion(major: UInt16, minor: UInt16)
    /// A section header has neither byte order's magic number.
    case badByteOrderMagic(UInt32)
    /// A block length is no multiple of four, too small for its type, or over the limit.
    case badBlockLength(UInt32)
    /// A block's length at its end differs from the one at its start.
    case lengthsDiffer(leading: UInt32, trailing: UInt32)
    /// A captured length that the element cannot hold, or that is beyond any sane packet.
    case badCapturedLength(UInt32, limit: Int)
    /// A length of decryption secrets that the block cannot hold.
    case badSecretsLength(UInt32, limit: Int)
    /// A packet or a count of an interface that its section does not describe.
    case unknownInterface(UInt32, described: Int)
    /// An option does not fit its block, or has not the length that its code calls for.
    case badOption(code: UInt16, length: UInt16)
    /// A time resolution whose ticks do not fit a 64-bit second (if_tsresol).
    case unsupportedResolution(UInt8)
    /// More interfaces in one section than the limit that keeps hostile files from costing memory.
    case tooManyInterfaces(limit: Int)
  }

  /// What could not be read.
  public var element: Element
  /// Octets from the start of the file to the start of the element.
  public var offset: Int
  /// What was wrong there.
  public var reason: Reason

  /// An error in `element`, which starts `offset` octets into the file.
  public init(_ element: Element, at offset: Int, _ reason: Reason) {
    (self.element, self.offset, self.reason) = (element, offset, reason)
  }
}

extension CaptureError: CustomStringConvertible {
  /// One line for a person: the part of the file, its place, and what was wrong.
  public var description: String {
    if case .truncated(let needed, let available) = reason {
      return "truncated: \(element) at offset \(offset) needs \(needed) octets, "
        + "\(available) are left"
    }
    return "\(element) at offset \(offset): \(reason)"
  }
}

extension CaptureError.Element: CustomStringConvertible {
  /// The element in the words of the file format.
  public var description: String {
    switch self {
    case .fileHeader: "file header"
    case .record(let number): "record \(number)"
    case .blockHeader: "block header"
    case .block(PcapngBlock.sectionHeader): "section header block"
    case .block(PcapngBlock.interfaceDescription): "interface description block"
    case .block(PcapngBlock.packet): "packet block"
    case .block(PcapngBlock.simplePacket): "simple packet block"
    case .block(PcapngBlock.nameResolution): "name resolution block"
    case .block(PcapngBlock.interfaceStatistics): "interface statistics block"
    case .block(PcapngBlock.enhancedPacket): "enhanced packet block"
    case .block(PcapngBlock.decryptionSecrets): "decryption secrets block"
    case .block(let type): "block of type \(hexadecimal(type))"
    }
  }
}

extension CaptureError.Reason: CustomStringConvertible {
  /// What was found, and what was wanted where that helps.
  public var description: String {
    switch self {
    case .truncated(let needed, let available): "needs \(needed) octets, \(available) are left"
    case .unknownMagic(let magic): "no pcap or pcapng file starts with \(hexadecimal(magic))"
    case .unsupportedVersion(let major, let minor): "unsupported version \(major).\(minor)"
    case .badByteOrderMagic(let magic): "unknown byte-order magic \(hexadecimal(magic))"
    case .badBlockLength(let length): "impossible block length \(length)"
    case .lengthsDiffer(let leading, let trailing):
      "block length is \(leading) at its start and \(trailing) at its end"
    case .badCapturedLength(let length, let limit):
      "captured length \(length) is more than the \(limit) octets it can be"
    case .badSecretsLength(let length, let limit):
      "secrets of \(length) octets in a block that can hold \(limit)"
    case .unknownInterface(let index, let described):
      "interface \(index) where \(described) are described"
    case .badOption(let code, let length): "option \(code) with impossible length \(length)"
    case .unsupportedResolution(let octet): "unsupported time resolution \(octet)"
    case .tooManyInterfaces(let limit): "more than \(limit) interfaces in one section"
    }
  }
}

/// `0x` and eight digits, as the formats' specifications write their numbers.
private func hexadecimal(_ word: UInt32) -> String {
  let digits = String(word, radix: 16)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
