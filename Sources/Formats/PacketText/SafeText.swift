/// The one way in which text from the network, or from a file or name service that the network can
/// fill, reaches a terminal.
///
/// The result is printable, is one line, and is unambiguous: the octets can be read back from it.
///
/// | input | output |
/// |---|---|
/// | printable Unicode, U+0020 included | itself |
/// | `\` | `\\` |
/// | C0 controls and DEL, with tab, line feed and ESC | `\xNN` |
/// | an octet that is not part of well-formed UTF-8, also a C1 control sent as one octet | `\xNN` |
/// | C1 controls U+0080 to U+009F | `\u{NNNN}` |
/// | bidirectional controls, U+2028 and U+2029 | `\u{NNNN}` |
/// | zero-width and other invisible characters: joiners, U+FEFF, soft hyphen, tags, fillers, selectors | `\u{NNNN}` |
/// | every blank but U+0020 (U+00A0, U+3000 …) | `\u{NNNN}` |
/// | unassigned, private-use and noncharacters, of which no terminal knows the width | `\u{NNNN}` |
/// | a combining mark with nothing of this text before it, or the fifth on one base | `\u{NNNN}` |
///
/// Joiners are escaped although some scripts and emoji are spelled with them: two names that look the
/// same must not print the same. Letters that run from right to left are printable and stay; a
/// terminal that reorders them moves the neutral characters beside them too.
public enum SafeText {
  /// What may stand in the result.
  public enum Repertoire: Sendable {
    /// Printable characters of Unicode.
    case unicode
    /// U+0020 to U+007E only, for terminals and files that are not UTF-8.
    case ascii
  }

  /// The untrusted octets as safe text of at most `limit` characters; see
  /// `TextBuffer.append(untrusted:atMost:as:)`.
  public static func escaped(
    _ octets: Span<UInt8>, atMost limit: Int = .max, as repertoire: Repertoire = .unicode
  ) -> String {
    var buffer = TextBuffer(capacity: 0)
    buffer.append(untrusted: octets, atMost: limit, as: repertoire)
    return buffer.string
  }

  /// The untrusted text as safe text of at most `limit` characters.
  public static func escaped(
    _ text: String, atMost limit: Int = .max, as repertoire: Repertoire = .unicode
  ) -> String {
    escaped(text.utf8.span, atMost: limit, as: repertoire)
  }

  /// A message of ours as it may be printed, with all that `escaped` escapes but `\`. Parts of it may
  /// be safe text already: those stay as they are.
  public static func printable(_ message: String) -> String {
    var buffer = TextBuffer(capacity: 0)
    for (index, part) in message.split(separator: "\\", omittingEmptySubsequences: false)
      .enumerated()
    {
      if index > 0 { buffer.append(octet: 0x5c) }
      buffer.append(untrusted: String(part))
    }
    return buffer.string
  }

  /// How many combining marks one base may carry: more than any orthography puts there, and too few to
  /// draw over the lines above and below.
  static let marksOnBase = 4

  /// Whether nothing has to be escaped because all is printable ASCII, as most names are.
  static func isPlain(_ octets: Span<UInt8>) -> Bool {
    for index in octets.indices {
      let octet = octets[index]
      if octet &- 0x20 > 0x5e || octet == 0x5c { return false }
    }
    return true
  }

  /// Whether a scalar is seen when it is printed, as itself and in its place; of blanks only U+0020 is.
  public static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 { return (0x20...0x7e).contains(scalar.value) }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    default:
      return !properties.isDefaultIgnorableCodePoint
    }
  }

  /// Whether `scalar` may be printed when `marks` combining marks stand before it on the same base;
  /// nil when there is no base. Leaves the number of marks behind it.
  static func isPrintable(_ scalar: Unicode.Scalar, after marks: inout Int?) -> Bool {
    guard isPrintable(scalar) else { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark:
      guard let count = marks, count < marksOnBase else { return false }
      marks = count &+ 1
      return true
    case .spacingMark:
      return marks != nil
    default:
      marks = 0
      return true
    }
  }
}

extension TextBuffer {
  /// Appends octets from the network as safe text (see `SafeText`), at most `limit` characters of it.
  /// When more would follow, the text ends in `…` (in ASCII `...`), which is inside the limit, and no
  /// escape is cut in two.
  ///
  /// - Returns: true when something was cut off. A text can end in `…` of its own accord.
  @discardableResult
  public mutating func append(
    untrusted octets: Span<UInt8>, atMost limit: Int = .max,
    as repertoire: SafeText.Repertoire = .unicode
  ) -> Bool {
    if octets.count <= limit, SafeText.isPlain(octets) {
      append(octets)
      return false
    }
    let mark = repertoire == .unicode ? 1 : 3
    var width = 0
    var marks: Int?
    // Where the text has to end if the cut mark is put there.
    var cut = count
    var offset = 0
    while offset < octets.count {
      let piece = appendPiece(octets, at: offset, marks: &marks, as: repertoire)
      guard width &+ piece.width <= limit else {
        truncate(to: cut)
        for _ in 0..<min(mark, max(limit, 0)) { append(repertoire == .unicode ? "…" : ".") }
        return true
      }
      width &+= piece.width
      offset &+= piece.length
      if width &+ mark <= limit { cut = count }
    }
    return false
  }

  /// Appends untrusted text as safe text; see `append(untrusted:atMost:as:)`.
  @discardableResult
  public mutating func append(
    untrusted text: String, atMost limit: Int = .max, as repertoire: SafeText.Repertoire = .unicode
  ) -> Bool {
    append(untrusted: text.utf8.span, atMost: limit, as: repertoire)
  }

  /// Appends what stands at `offset`: how many characters were written, how many octets were read.
  private mutating func appendPiece(
    _ octets: Span<UInt8>, at offset: Int, marks: inout Int?, as repertoire: SafeText.Repertoire
  ) -> (width: Int, length: Int) {
    let first = octets[offset]
    if first < 0x80 {
      return (appendASCII(first, marks: &marks), 1)
    }
    switch UTF8Scalar(octets, at: offset) {
    case .invalid(let octet):
      marks = nil
      return (appendEscape(octet: octet), 1)
    case .scalar(let scalar, let length):
      guard repertoire == .unicode, SafeText.isPrintable(scalar, after: &marks) else {
        marks = nil
        return (appendEscape(scalar: scalar), length)
      }
      append(octets.extracting(offset..<offset &+ length))
      return (1, length)
    }
  }

  private mutating func appendASCII(_ octet: UInt8, marks: inout Int?) -> Int {
    switch octet {
    case 0x5c:
      marks = nil
      append(octet: 0x5c)
      append(octet: 0x5c)
      return 2
    case 0x20...0x7e:
      marks = 0
      append(octet: octet)
      return 1
    default:
      marks = nil
      return appendEscape(octet: octet)
    }
  }

  private mutating func appendEscape(octet: UInt8) -> Int {
    append("\\x")
    append(hex: octet)
    return 4
  }

  private mutating func appendEscape(scalar: Unicode.Scalar) -> Int {
    let start = count
    append("\\u{")
    append(hex: scalar.value, digits: 4)
    append(octet: 0x7d)
    return count &- start
  }
}
