public import LinuxSystem
public import PacketText

/// When lines reach the reader.
public enum FlushPolicy: Hashable, Sendable {
  /// At the end of each line: for people, and for programs that react to each event.
  case eachLine
  /// When many octets wait: a `write` for each line costs more than the line.
  case whenFull

  /// Each line for a terminal, or where the user asked for it; else when full.
  public static func automatic(isTerminal: Bool, isLineBuffered: Bool = false) -> FlushPolicy {
    isTerminal || isLineBuffered ? .eachLine : .whenFull
  }
}

/// A stream of lines to a descriptor: text is gathered in `text` and written by the flush policy.
///
/// A reader that goes away (`| head`) closes the output for good. That is no error: the tool sees
/// `isOpen` and ends as if its job were done. SIGPIPE has to be ignored for that. What is appended
/// after the output was closed, or has failed, is dropped. A tool flushes before it ends; `exit`
/// does not do that for it.
public struct LineOutput: ~Copyable {
  /// Takes the octets, all of them.
  public typealias Writer = (Span<UInt8>) throws(SystemError) -> Void

  /// What waits to be written; append to it, and end lines with `endLine()`.
  public var text = TextBuffer(capacity: 0)
  /// Somebody still reads. False when the reader is gone and after a failure.
  public private(set) var isOpen = true
  /// What kept the output from being written (a full disk, say); a reader that is gone is no failure.
  public private(set) var failure: SystemError?
  /// When lines reach the reader.
  public let flushing: FlushPolicy
  /// How many octets may wait under `whenFull`.
  public let limit: Int

  private let write: Writer

  /// An output to an open descriptor, which stays the caller's.
  public init(to descriptor: CInt, flushing: FlushPolicy) {
    self.init(flushing: flushing) { octets throws(SystemError) in
      try writeAll(octets, to: descriptor)
    }
  }

  /// An output to anything that takes octets, for tests and for streams that are no descriptors.
  public init(flushing: FlushPolicy, limit: Int = 65536, write: @escaping Writer) {
    (self.flushing, self.limit, self.write) = (flushing, limit, write)
  }

  /// Ends the line, and writes what waits if the policy says so.
  @inlinable
  public mutating func endLine() {
    text.newline()
    if flushing == .eachLine || text.count >= limit { flush() }
  }

  /// Writes what waits.
  public mutating func flush() {
    if isOpen, !text.isEmpty {
      do throws(SystemError) {
        try text.withSpan(write)
      } catch {
        isOpen = false
        if !error.isBrokenPipe { failure = error }
      }
    }
    text.removeAll()
  }
}
