import CaptureFile
import Compression
import LinuxSystem

/// The octets of a capture file, from a file or a pipe, unpacked where gzip or zstd packed them.
///
/// What it holds is one piece of the file and one of what that unpacks to, however much follows.
struct FileOctets: ~Copyable {
  private static let pieceLength = 262_144

  private let file: Descriptor
  private var isIdentified = false
  private var decompressor: Decompressor?
  /// What was read of the file last.
  private var input = [UInt8](repeating: 0, count: pieceLength)
  /// Indices of what the decompressor has not taken yet.
  private var waiting = 0..<0
  /// What came out of the decompressor last.
  private var output: [UInt8] = []
  /// Indices of the octets that `next` has come to: of `output`, or of `input` where nothing is
  /// packed.
  private var latest = 0..<0

  /// Opens `path`; `-` is standard input.
  init(_ path: String) throws(SystemError) { self.init(try Self.open(path)) }

  /// Reads what `file` has.
  init(_ file: consuming Descriptor) { self.file = file }

  /// Opens `path`; `-` is standard input.
  static func open(_ path: String) throws(SystemError) -> Descriptor {
    path == "-"
      ? try Descriptor.duplicate(of: StandardStream.input) : try Descriptor.openForReading(path)
  }

  /// Goes on to the next octets; false at the end. Throws where the file cannot be read, or not
  /// unpacked further, when all before that has been there.
  mutating func next() throws -> Bool {
    if !isIdentified { try identify() } else if decompressor == nil { latest = 0..<(try read()) }
    if decompressor != nil { try unpackNext() }
    return !latest.isEmpty
  }

  /// Appends the octets that `next` has come to.
  func append(to reader: inout CaptureReader) {
    reader.append((decompressor == nil ? input : output).span.extracting(latest))
  }

  /// Reads until the first octets tell how the file is packed. A pipe may give one at a time.
  private mutating func identify() throws {
    isIdentified = true
    var head: [UInt8] = []
    while head.count < CompressionFormat.magicLength {
      let count = try read()
      if count == 0 { break }
      head += input.prefix(count)
    }
    (waiting, latest) = (0..<head.count, 0..<head.count)
    // The next read needs the whole room again.
    input = head + [UInt8](repeating: 0, count: max(0, Self.pieceLength - head.count))
    guard let format = CompressionFormat(magic: head.span) else { return }
    decompressor = try Decompressor(format)
    output = [UInt8](repeating: 0, count: Self.pieceLength)
  }

  private mutating func unpackNext() throws {
    latest = 0..<0
    while latest.isEmpty {
      guard let progress = try step() else { return }
      waiting = waiting.dropFirst(progress.consumed)
      latest = 0..<progress.produced
      guard latest.isEmpty, waiting.isEmpty else { continue }
      waiting = 0..<(try read())
      if waiting.isEmpty {
        try decompressor?.finish()
        return
      }
    }
  }

  private mutating func step() throws -> Decompressor.Progress? {
    let input = input
    return try decompressor?.decompress(input.span.extracting(waiting), into: &output)
  }

  /// Reads the next octets of the file to the start of `input`: how many, 0 at the end.
  private mutating func read() throws(SystemError) -> Int {
    while true {
      if let count = try file.read(into: &input) { return count }
      // A pipe that somebody made nonblocking has nothing for us yet.
      var poller = Poller()
      _ = poller.add(file.rawValue, interest: .read)
      try poller.wait(until: nil)
    }
  }
}
