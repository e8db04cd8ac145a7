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
  /// What was read of the file last, where it is packed.
  private var input: [UInt8] = []
  /// Indices of what the decompressor has not taken yet.
  private var waiting = 0..<0
  /// What came out of the decompressor last.
  private var output: [UInt8] = []

  /// Opens `path`; `-` is standard input.
  init(_ path: String) throws(SystemError) { self.init(try Self.open(path)) }

  /// Reads what `file` has.
  init(_ file: consuming Descriptor) { self.file = file }

  /// Opens `path`; `-` is standard input.
  static func open(_ path: String) throws(SystemError) -> Descriptor {
    path == "-"
      ? try Descriptor.duplicate(of: StandardStream.input) : try Descriptor.openForReading(path)
  }

  /// Appends the next octets; false at the end. Throws where the file cannot be read, or not
  /// unpacked further, when all before that has been appended.
  mutating func appendNext(to reader: inout CaptureReader) throws -> Bool {
    if !isIdentified { return try appendHead(to: &reader) }
    if decompressor != nil { return try appendUnpacked(to: &reader) }
    return try read(into: &reader) > 0
  }

  /// Reads until the first octets tell how the file is packed. A pipe may give one at a time.
  private mutating func appendHead(to reader: inout CaptureReader) throws -> Bool {
    isIdentified = true
    var head: [UInt8] = []
    input = [UInt8](repeating: 0, count: Self.pieceLength)
    while head.count < CompressionFormat.magicLength {
      let count = try read()
      if count == 0 { break }
      head += input.prefix(count)
    }
    guard let format = CompressionFormat(magic: head.span) else {
      input = []
      reader.append(head.span)
      return !head.isEmpty
    }
    decompressor = try Decompressor(format)
    output = [UInt8](repeating: 0, count: Self.pieceLength)
    // The next read needs the whole room again.
    input = head + [UInt8](repeating: 0, count: max(0, Self.pieceLength - head.count))
    waiting = 0..<head.count
    return try appendUnpacked(to: &reader)
  }

  private mutating func appendUnpacked(to reader: inout CaptureReader) throws -> Bool {
    while let progress = try step() {
      waiting = waiting.dropFirst(progress.consumed)
      if progress.produced > 0 {
        reader.append(output.span.extracting(first: progress.produced))
        return true
      }
      guard waiting.isEmpty else { continue }
      waiting = 0..<(try read())
      if waiting.isEmpty {
        try decompressor?.finish()
        return false
      }
    }
    return false
  }

  private mutating func step() throws -> Decompressor.Progress? {
    let input = input
    return try decompressor?.decompress(input.span.extracting(waiting), into: &output)
  }

  /// Reads the next octets of a packed file to the start of `input`: how many, 0 at the end.
  private mutating func read() throws(SystemError) -> Int {
    while true {
      if let count = try file.read(into: &input) { return count }
      try wait()
    }
  }

  /// Reads the next octets of the file to where the reader wants them, for a copy of each would be
  /// a tenth of what counting conversations takes: how many, 0 at the end.
  private mutating func read(into reader: inout CaptureReader) throws(SystemError) -> Int {
    while true {
      var count: Int?
      try reader.append(addingCapacity: Self.pieceLength) { room throws(SystemError) in
        count = try file.read(into: &room)
      }
      if let count { return count }
      try wait()
    }
  }

  /// A pipe that somebody made nonblocking has nothing for us yet.
  private func wait() throws(SystemError) {
    var poller = Poller()
    _ = poller.add(file.rawValue, interest: .read)
    try poller.wait(until: nil)
  }
}
