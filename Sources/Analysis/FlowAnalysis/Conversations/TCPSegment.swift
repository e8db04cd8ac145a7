public import PacketWire

/// What the analysis of a conversation has to know of one TCP segment.
public struct TCPSegment: Sendable {
  /// Who sent it.
  public var source: IPAddress
  /// Whom it is for.
  public var destination: IPAddress
  /// The header's ports.
  public var sourcePort: UInt16, destinationPort: UInt16
  /// The header's numbers, as they are on the wire.
  public var sequenceNumber: UInt32, acknowledgmentNumber: UInt32
  /// The control bits.
  public var flags: TCPHeader.Flags
  /// The window, not scaled.
  public var window: UInt16
  /// The shift of the window scale option, if there is one (RFC 7323 §2.2).
  public var windowScale: UInt8?
  /// It is a SYN, and some of its options were not captured.
  public var lacksOptions = false
  /// Octets of data on the wire, of which the capture may hold less.
  public var length: Int

  /// The segment with this header that carries `length` octets.
  public init(
    _ header: TCPHeader, length: Int, from source: IPAddress, to destination: IPAddress
  ) {
    (self.source, self.destination, self.length) = (source, destination, length)
    (sourcePort, destinationPort) = (header.sourcePort, header.destinationPort)
    (sequenceNumber, acknowledgmentNumber) = (header.sequenceNumber, header.acknowledgmentNumber)
    (flags, window) = (header.flags, header.window)
    // Only a SYN's scale counts (RFC 7323 §2.2); to look for it in every segment costs.
    if flags.contains(.syn) {
      windowScale = header.offeredWindowScale
      lacksOptions = header.missingOptions > 0
    }
  }
}

extension TCPHeader {
  /// The shift of the window scale option; 14 is the largest that counts (RFC 7323 §2.3).
  fileprivate var offeredWindowScale: UInt8? {
    var shift: UInt8?
    try? forEachOption { option in
      if case .windowScale(let value) = option { shift = min(value, 14) }
    }
    return shift
  }
}
