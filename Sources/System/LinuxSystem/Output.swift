import Glibc
internal import PacketWire

/// The descriptors that every process is born with; they are not ours to close.
public enum StandardStream {
  /// Input.
  public static let input: CInt = 0
  /// Data goes here.
  public static let output: CInt = 1
  /// Diagnostics go here.
  public static let error: CInt = 2

  /// Whether a person may be looking. The corresponding C call is `isatty`.
  public static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }
}

/// Writes all of `octets`, however many calls it takes, and waits where the descriptor is
/// nonblocking and full. A reader that has gone is told by `SystemError.isBrokenPipe`.
///
/// The corresponding C call is `write`.
public func writeAll(_ octets: Span<UInt8>, to descriptor: CInt) throws(SystemError) {
  var done = 0
  while done < octets.count {
    let rest = octets.extracting(droppingFirst: done)
    let written = try systemCallUnlessWaiting("write", on: streamName(descriptor)) {
      // The octets are borrowed for the call only.
      unsafe rest.withUnsafeBufferPointer { buffer in
        unsafe Glibc::write(descriptor, buffer.baseAddress, buffer.count)
      }
    }
    if let written {
      done += written
    } else {
      try waitUntilWritable(descriptor)
    }
  }
}

private func waitUntilWritable(_ descriptor: CInt) throws(SystemError) {
  var poller = Poller()
  _ = poller.add(descriptor, interest: .write)
  try poller.wait(until: nil)
}

private func streamName(_ descriptor: CInt) -> String {
  switch descriptor {
  case StandardStream.output: "to standard output"
  case StandardStream.error: "to standard error"
  default: ""
  }
}

/// Gathers output and hands it to the kernel in large pieces: a `write` a line costs more than the
/// line.
public struct OutputWriter: ~Copyable {
  private let descriptor: CInt
  private let capacity: Int
  private var pending: [UInt8] = []

  /// A writer to `descriptor`, which stays open for as long as this lives and which it does not
  /// close. `capacity` octets are gathered before they are written without being asked.
  public init(to descriptor: CInt, capacity: Int = 65536) {
    (self.descriptor, self.capacity) = (descriptor, capacity)
    pending.reserveCapacity(capacity)
  }

  /// Adds octets.
  public mutating func write(_ octets: Span<UInt8>) throws(SystemError) {
    if pending.count + octets.count > capacity { try flush() }
    if octets.count >= capacity { return try writeAll(octets, to: descriptor) }
    for index in octets.indices { pending.append(octets[index]) }
  }

  /// Adds text as UTF-8.
  public mutating func write(_ text: String) throws(SystemError) {
    try write(text.utf8.span)
  }

  /// Hands what was gathered to the kernel. What cannot be written is forgotten.
  public mutating func flush() throws(SystemError) {
    guard !pending.isEmpty else { return }
    defer { pending.removeAll(keepingCapacity: true) }
    try writeAll(pending.span, to: descriptor)
  }

  deinit {
    // Nobody is left to hear of an error; a tool that wants to know calls `flush` itself.
    let rest = pending
    try? writeAll(rest.span, to: descriptor)
  }
}
