/// Unpacks messages that were packed with deflate one by one, and refer to each other: those of WebSocket
/// (RFC 7692 §7.2.2). What it holds does not grow with them.
public struct MessageDecompressor: ~Copyable {
  private let machine: GzipMachine
  private var isDamaged = false

  /// Nil where there is no memory. A message refers to at most 2 to the power of `windowBits` octets
  /// before it, 8 to 15.
  public init?(windowBits: UInt8) {
    // zlib packs with 9 bits where 8 were asked for, and so do its users.
    let window = -CInt(min(max(windowBits, 9), 15))
    // A message may end its data for good; the next one refers to it all the same (§7.2.3.4).
    guard let machine = GzipMachine(window: window, keepsWindow: true) else { return nil }
    self.machine = machine
  }

  /// Takes in some of `input` and writes what it unpacks to at the start of `output`. Nothing taken in
  /// and nothing written means that more input is needed. Nil when the data is damaged, and ever after.
  public mutating func decompress(
    _ input: Span<UInt8>, into output: inout [UInt8]
  ) -> Decompressor.Progress? {
    guard !isDamaged else { return nil }
    let (progress, damage) = machine.step(input, into: &output)
    isDamaged = damage != nil
    return isDamaged && progress.produced == 0 ? nil : progress
  }

  /// Forgets what was unpacked before.
  public mutating func reset() {
    machine.reset()
    isDamaged = false
  }
}
