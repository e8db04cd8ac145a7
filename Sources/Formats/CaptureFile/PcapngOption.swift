import PacketWire

/// Option codes that mean the same in every block (draft-ietf-opsawg-pcapng §3.5).
enum CommonOption {
  static let end: UInt16 = 0
  static let comment: UInt16 = 1
}

/// Walks over the options of one block (draft-ietf-opsawg-pcapng §3.5), and passes over those that
/// nobody asks for by their length.
struct OptionWalk {
  /// The block's type and place, for errors.
  let type: UInt32
  let offset: Int
  /// Indices in the reader's buffer of what is not yet walked over.
  var rest: Range<Int>
  /// The length that an option of fixed length has.
  let lengthOf: (UInt16) -> UInt16?

  /// An option without its padding.
  struct Option {
    var code: UInt16
    /// Indices in the reader's buffer.
    var value: Range<Int>
  }

  /// The next option; nil at opt_endofopt or, as many writers leave that out, at the block's end.
  mutating func next(in reader: borrowing CaptureReader) throws(CaptureError) -> Option? {
    guard rest.count >= 4 else { return nil }
    let code = reader.u16(at: rest.lowerBound)
    let length = reader.u16(at: rest.lowerBound + 2)
    guard code != CommonOption.end else { return nil }
    let value = rest.lowerBound + 4..<rest.lowerBound + 4 + Int(length)
    let padded = (Int(length) + 3) & ~3
    guard padded <= rest.count - 4, length == lengthOf(code) ?? length else {
      throw CaptureError(.block(type), at: offset, .badOption(code: code, length: length))
    }
    rest = value.lowerBound + padded..<rest.upperBound
    return Option(code: code, value: value)
  }
}

extension CaptureReader {
  /// So many comments are kept of one block.
  static let maximumComments = 1_024

  /// The options of the block that starts at `offset`.
  func options(
    _ octets: Range<Int>, of type: UInt32, lengthOf: @escaping (UInt16) -> UInt16? = { _ in nil }
  ) -> OptionWalk {
    OptionWalk(type: type, offset: offset, rest: octets, lengthOf: lengthOf)
  }

  /// Octets as UTF-8, with U+FFFD for what is none.
  func text(_ octets: Range<Int>) -> String {
    String(decoding: [UInt8](copying: buffer.span.extracting(octets)), as: UTF8.self)
  }

  /// A text of a section or an interface. They are held as long as the section lasts, so that all of
  /// them together have a limit, after which a text is not kept.
  mutating func sectionText(_ octets: Range<Int>) -> String? {
    guard sectionTextLength + octets.count <= CaptureRecords.limit else {
      records.droppedCount += 1
      return nil
    }
    // An empty text costs memory, too.
    sectionTextLength += octets.count + 16
    return text(octets)
  }

  /// Adds a comment of a section or an interface.
  mutating func addSectionComment(_ octets: Range<Int>, to comments: inout [String]) {
    guard let comment = sectionText(octets) else { return }
    comments.append(comment)
  }

  /// Adds a comment of any other block.
  mutating func addComment(_ octets: Range<Int>, to comments: inout [String]) {
    guard comments.count < Self.maximumComments else {
      records.droppedCount += 1
      return
    }
    comments.append(text(octets))
  }

  /// The instant in two words of an option, upper half first.
  func instant(at index: Int, of interface: Int) -> WallInstant {
    let tick = UInt64(u32(at: index)) << 32 | UInt64(u32(at: index + 4))
    return interfaces[interface].clock.instant(ofTick: tick)
  }
}
