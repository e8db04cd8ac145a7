import Compression
import FlowAnalysis
import Synchronization

/// zlib for the messages of one end of a WebSocket, as the analysis wants it and as a follower does.
final class PackedMessages: MessageInflater {
  private let machine: Mutex<MessageDecompressor>
  private let keepsContext: Bool

  /// What makes one for each direction that needs it.
  static let source: MessageInflaterSource = { windowBits in
    var sender = PermessageDeflate().client
    sender.windowBits = windowBits
    return PackedMessages(sender)
  }

  /// For messages that are packed so; nil where there is no memory.
  init?(_ sender: PermessageDeflate.Sender) {
    guard let machine = MessageDecompressor(windowBits: sender.windowBits) else { return nil }
    self.machine = Mutex(machine)
    keepsContext = sender.keepsContext
  }

  func inflate(
    _ input: Span<UInt8>, into output: inout [UInt8]
  ) -> (consumed: Int, produced: Int)? {
    machine.withLock { machine in
      machine.decompress(input, into: &output).map { ($0.consumed, $0.produced) }
    }
  }

  func reset() { machine.withLock { $0.reset() } }

  /// Makes ready for a message.
  func begin() { if !keepsContext { reset() } }

  /// Gives what the next octets of a message unpack to; where they are damaged, nothing.
  func unpack(_ octets: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var offset = 0
    while true {
      let rest = octets.extracting(offset..<octets.count)
      guard let (consumed, produced) = inflate(rest, into: &buffer), consumed + produced > 0
      else { return }
      offset += consumed
      if produced > 0 { body(buffer.span.extracting(0..<produced)) }
    }
  }

  /// Gives the end of a message, which needs octets that its sender took off it (RFC 7692 §7.2.1).
  func finish(_ body: (Span<UInt8>) -> Void) {
    let tail: [UInt8] = [0, 0, 0xff, 0xff]
    unpack(tail.span, body)
  }
}
