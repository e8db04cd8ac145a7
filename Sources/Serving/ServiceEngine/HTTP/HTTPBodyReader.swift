/// Takes in the body of a message: so many octets, or chunks (RFC 9112 §6, §7.1).
struct HTTPBodyReader: Sendable {
  /// A server refuses longer bodies, in octets.
  static let requestLimit = 65_536
  /// The longest line with a chunk's size, or of a trailer, in octets.
  private static let longestLine = 1024

  /// How the end of a body is known.
  enum Framing: Hashable, Sendable {
    case length(Int)
    case chunked

    /// Throws the status to answer with. A message that says both is an attack on whoever would read
    /// it differently (RFC 9112 §6.3, §11.2).
    init(_ fields: HTTPFields, isHTTP11: Bool) throws(HTTPStatus) {
      let coding = fields["transfer-encoding"]
      guard let length = fields["content-length"] else {
        guard coding != nil else {
          self = .length(0)
          return
        }
        guard isHTTP11 else { throw .badRequest }
        guard fields.list("transfer-encoding") == ["chunked"] else { throw .notImplemented }
        self = .chunked
        return
      }
      guard coding == nil, !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) })
      else { throw .badRequest }
      // What is too long for an integer is too long anyway.
      self = .length(Int(length) ?? .max)
    }
  }

  private enum State {
    case octets(missing: Int)
    case chunkSize
    case chunk(missing: Int)
    case chunkEnd
    case trailer
    case done
  }

  private(set) var body: [UInt8] = []
  private let maximumLength: Int
  private var state: State
  private var line: [UInt8] = []
  /// Octets of lines between chunks, which count as well.
  private var overhead = 0

  init(_ framing: Framing, maximumLength: Int = requestLimit) throws(HTTPStatus) {
    self.maximumLength = maximumLength
    switch framing {
    case .length(let count):
      guard count <= maximumLength else { throw .contentTooLarge }
      state = count == 0 ? .done : .octets(missing: count)
    case .chunked: state = .chunkSize
    }
  }

  /// All of it has come.
  var isDone: Bool {
    if case .done = state { true } else { false }
  }

  /// What has come of the body since the last time.
  mutating func takeBody() -> [UInt8] {
    defer { body = [] }
    return body
  }

  /// Takes octets away from the start of `input`, as far as they belong to the body.
  mutating func take(_ input: inout ArraySlice<UInt8>) throws(HTTPStatus) {
    while !isDone, !input.isEmpty {
      switch state {
      case .octets(let missing):
        let rest = take(missing, from: &input)
        state = rest == 0 ? .done : .octets(missing: rest)
      case .chunk(let missing):
        let rest = take(missing, from: &input)
        state = rest == 0 ? .chunkEnd : .chunk(missing: rest)
      case .chunkSize, .chunkEnd, .trailer:
        guard let line = try takeLine(&input) else { return }
        try end(line)
      case .done: return
      }
    }
  }

  private mutating func take(_ count: Int, from input: inout ArraySlice<UInt8>) -> Int {
    let part = input.prefix(count)
    body += part
    input = input.dropFirst(part.count)
    return count - part.count
  }

  private mutating func takeLine(
    _ input: inout ArraySlice<UInt8>
  ) throws(HTTPStatus) -> [UInt8]? {
    while let octet = input.popFirst() {
      overhead += 1
      if octet == 0x0a {
        defer { line = [] }
        return Array(line[...].withoutCarriageReturn)
      }
      line.append(octet)
      guard line.count <= Self.longestLine, overhead / 2 <= maximumLength else {
        throw .headTooLarge
      }
    }
    return nil
  }

  private mutating func end(_ line: [UInt8]) throws(HTTPStatus) {
    switch state {
    case .chunkEnd:
      guard line.isEmpty else { throw .badRequest }
      state = .chunkSize
    case .trailer:
      // Trailers say nothing that is needed here.
      if line.isEmpty { state = .done }
    default:
      // Extensions behind a semicolon are for nobody here (RFC 9112 §7.1.1).
      let digits = line.prefix { $0.hexDigitValue != nil }
      guard (1...8).contains(digits.count),
        line.count == digits.count || [0x3b, 0x20, 0x09].contains(line[digits.count])
      else { throw .badRequest }
      let size = digits.reduce(0) { $0 << 4 | Int($1.hexDigitValue ?? 0) }
      guard size <= maximumLength - body.count else { throw .contentTooLarge }
      state = size == 0 ? .trailer : .chunk(missing: size)
    }
  }
}
