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
/// nonblocking and full. A reader that has gone is told by `SystemError.isBrokenPipe`, for which
/// SIGPIPE has to be ignored.
///
/// A closed descriptor is an error here and no mistake of ours: whoever started the program may
/// have closed its standard output. The corresponding C call is `write`.
public func writeAll(_ octets: Span<UInt8>, to descriptor: CInt) throws(SystemError) {
  var done = 0
  while done < octets.count {
    let rest = octets.extracting(droppingFirst: done)
    // The octets are borrowed for the call only.
    let written = unsafe rest.withUnsafeBufferPointer { buffer in
      unsafe Glibc::write(descriptor, buffer.baseAddress, buffer.count)
    }
    if written >= 0 {
      done += written
    } else if errno == EAGAIN {
      try waitUntilWritable(descriptor)
    } else if errno != EINTR {
      throw .current("write", on: streamName(descriptor))
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
