public import CaptureFile
import Glibc

/// Hands over the packets of a capture file, pcap or pcapng, one after the other.
///
/// `CaptureReader` opens no file. It says that it needs octets, gets some, and lends those of each
/// packet from its own memory, which is never much larger than one piece of the file.
///
/// - Parameters:
///   - path: the file.
///   - body: gets what the file says of a packet, and the packet's octets until it returns.
/// - Throws: `FileError` where the system refuses, `CaptureError` where this is no capture or it is
///   damaged; the packets before the damage have been handed over by then.
public func forEachPacket(
  of path: String, _ body: (CapturedPacket, Span<UInt8>) throws -> Void
) throws {
  guard let file = unsafe fopen(path, "rb") else { throw FileError("open", path, errno) }
  defer { _ = unsafe fclose(file) }
  var reader = CaptureReader()
  while true {
    switch try reader.next() {
    case .packet(let packet): try reader.withOctets { octets in try body(packet, octets) }
    case .end: return
    case .needMoreOctets:
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
        count = unsafe fread(buffer.baseAddress, 1, buffer.count, file)
      }
      guard unsafe ferror(file) == 0 else { throw FileError("read", path, errno) }
      if piece.isEmpty { reader.finish() } else { reader.append(piece.span) }
    }
  }
}

/// What the system would not do with a file.
public struct FileError: Error, CustomStringConvertible {
  /// One line for a person: what, with which file, and why not.
  public let description: String

  init(_ operation: String, _ path: String, _ number: Int32) {
    description = unsafe "cannot \(operation) \(path): \(String(cString: strerror(number)))"
  }
}
