public import LineFormat
import PacketWire

/// Reads a table of who runs which addresses, piece by piece as it comes from a file. Which of three
/// forms it has its first line tells:
///
///     192.0.2.0 ⇥ 192.0.2.255 ⇥ 64500 ⇥ ZZ ⇥ EXAMPLE     ranges, as iptoasn.com publishes them
///     192.0.2.0 24 64500_64501                           prefixes, as CAIDA publishes them
///     192.0.2.0/24 AS64500 EXAMPLE                       prefixes, as one writes them
///
/// Empty lines and lines that begin with `#` or `;` say nothing.
public struct OriginTableReader: Sendable {
  /// The longest line, in octets.
  public static let longestLine = 4096
  /// So many ranges at most: some times as many as the Internet has prefixes.
  public static let maximumCount = 1 << 22
  /// So many octets of names at most.
  static let maximumTextLength = 1 << 28

  private let source: String
  private var table = OriginTable()
  private var form: OriginForm?
  private var lineNumber = 0
  /// The beginning of a line whose end has not come yet.
  private var rest: [UInt8] = []
  private var hasStarted = false

  /// A reader of a text that errors call `source`.
  public init(named source: String) { self.source = source }

  /// Takes the next piece.
  public mutating func take(_ octets: Span<UInt8>) throws(LineError) {
    if !hasStarted, octets.count >= 2 {
      hasStarted = true
      if octets[0] == 0x1f, octets[1] == 0x8b {
        throw LineError(
          source: source, line: 1, column: 1, expected: "lines of text: unpack it with gunzip",
          found: "a file that gzip packed")
      }
    }
    var start = 0
    for index in octets.indices where octets[index] == 0x0a {
      if rest.isEmpty {
        try read(octets.extracting(start..<index))
      } else {
        rest += Array(copying: octets.extracting(start..<index))
        let line = rest
        rest = []
        try read(line.span)
      }
      start = index + 1
    }
    rest += Array(copying: octets.extracting(start...))
    if rest.count > Self.longestLine { try requireLength(of: rest.span, number: lineNumber + 1) }
  }

  /// The table, once all pieces have been taken.
  public consuming func finish() throws(LineError) -> OriginTable {
    if !rest.isEmpty {
      let line = rest
      try read(line.span)
    }
    guard form != nil else {
      throw LineError(
        source: source, line: lineNumber + 1, column: 1,
        expected: "a line such as \"192.0.2.0/24 64500 NAME\"", found: "the end of the file")
    }
    table.ipv4.finish()
    table.ipv6.finish()
    table.texts.finish()
    return table
  }

  private mutating func read(_ text: Span<UInt8>) throws(LineError) {
    lineNumber += 1
    try requireLength(of: text, number: lineNumber)
    var start = 0
    while start < text.count, text[start].isBlank { start += 1 }
    guard start < text.count, text[start] != 0x23, text[start] != 0x3b else { return }
    let line: OriginLine
    do throws(OriginLineProblem) {
      line = try parse(text)
    } catch {
      throw self.error(error, in: text)
    }
    guard !line.isUnrouted else { return }
    try add(line, text)
  }

  private mutating func parse(_ text: Span<UInt8>) throws(OriginLineProblem) -> OriginLine {
    if let form { return try OriginLine(text, form: form) }
    let form = try OriginLine.form(of: text)
    self.form = form
    return try OriginLine(text, form: form)
  }

  private mutating func add(_ line: OriginLine, _ text: Span<UInt8>) throws(LineError) {
    guard table.count < Self.maximumCount, table.texts.octetCount < Self.maximumTextLength else {
      throw LineError(
        source: source, line: lineNumber, column: 1,
        expected:
          "at most \(Self.maximumCount) ranges and \(Self.maximumTextLength) octets of names",
        found: "one more line")
    }
    let known = [UInt8](
      capacity: line.numbers.count + line.country.count + line.name.count + 2
    ) { out in
      out.append(copying: text.extracting(line.numbers))
      out.append(0x09)
      out.append(copying: text.extracting(line.country))
      out.append(0x09)
      out.append(copying: text.extracting(line.name))
    }
    let origin = table.texts.number(of: known.span)
    switch (line.first, line.last) {
    case (.v4(let first), .v4(let last)): table.ipv4.append(first, last, origin)
    case (.v6(let first), .v6(let last)): table.ipv6.append(first, last, origin)
    default: break  // A line's addresses are of one family.
    }
  }

  private func requireLength(of text: Span<UInt8>, number: Int) throws(LineError) {
    guard text.count > Self.longestLine else { return }
    throw LineError(
      source: source, line: number, column: Self.longestLine + 1,
      expected: "a line of at most \(Self.longestLine) octets", found: "more of them")
  }

  private func error(_ problem: OriginLineProblem, in text: Span<UInt8>) -> LineError {
    let start = problem.place.lowerBound
    var column = 1
    for index in 0..<min(start, text.count) where text[index] & 0xc0 != 0x80 { column += 1 }
    let place = problem.place.lowerBound..<min(problem.place.upperBound, start + 64)
    let word = Array(copying: text.extracting(place))
    return LineError(
      source: source, line: lineNumber, column: column,
      expected: problem.expected + (form.map { " (\($0.example))" } ?? ""),
      found: start >= text.count
        ? "the end of the line" : "\"\(String(decoding: word, as: UTF8.self))\"")
  }
}
