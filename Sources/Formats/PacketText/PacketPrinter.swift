public import PacketWire

/// Writes packets as lines in tcpdump's shape, a packet at a time and in their order: sequence
/// numbers and times may count from earlier packets.
///
/// What a packet's octets cannot be read as is marked as tcpdump does it, `[|tcp]` where the capture
/// or the packet ends too early, and else by layer, place and reason.
public struct PacketPrinter {
  // On the way of plain lines a function is `mutating` even if it changes nothing: one that is not is
  // called on a copy of this whole value. Five of them were three in a hundred instructions of a line.

  /// How packets are written.
  public var options: PacketTextOptions
  /// The name of a host, asked unless `options.isNumeric`; without it addresses stay numbers. The
  /// name may come from the network: it is printed as safe text.
  public var hostName: ((IPAddress) -> String?)?
  /// The name of the capturing host's interface of that number (Linux SLL2); without it `?`.
  public var interfaceName: ((UInt32) -> String?)?
  /// The interface that the next packet was captured on, where there are several; it stands behind
  /// the time. It is printed as safe text.
  public var origin: String?
  /// What is known of the next packet beside its octets; it stands in brackets at the end of its line.
  /// It is printed as safe text.
  public var note: String?
  /// How far local time is ahead of UTC at that time, in seconds; without it times are UTC.
  public var secondsEastOfUTC: ((WallInstant) -> Int)?

  /// First sequence numbers of the TCP connections seen.
  var sequences = SequenceTable()
  /// The packet that a time since counts from.
  var referenceTime: WallInstant?
  /// The second of the latest packet.
  var second = LocalSecond()
  /// The quarter of an hour that `offset` holds for: zones change at quarters of an hour.
  var zone: (quarter: Int64, offset: Int64)?
  /// The packet in hand has been marked as cut or malformed already.
  var isMarked = false
  /// How many frames are around the one in hand.
  var depth = 0

  /// A printer that has seen no packet.
  public init(_ options: PacketTextOptions = PacketTextOptions()) { self.options = options }

  /// TCP connections whose first sequence numbers were forgotten to keep the table within bounds;
  /// their next segment printed absolute numbers.
  public var evictedConnections: Int { sequences.evicted }

  /// Appends one packet: its line, what its options ask for under the line, and a line feed.
  ///
  /// - Parameters:
  ///   - frame: decoded from `octets` with this `originalLength`.
  ///   - octets: what was captured.
  ///   - number: counts packets from 1, for `options.numbersPackets`.
  ///   - time: when it was captured.
  ///   - originalLength: how long it was on the wire, in octets.
  ///   - out: what the text is appended to.
  public mutating func line(
    for frame: Frame, octets: Span<UInt8>, number: Int, at time: WallInstant, originalLength: Int,
    into out: inout TextBuffer
  ) {
    if options.numbersPackets {
      let start = out.count
      out.append(decimal: number)
      out.padLeft(from: start, to: 5)
      out.append("  ")
    }
    if options.showsLengths {
      out.append("caplen ")
      out.append(decimal: octets.count)
      out.append(" len ")
      out.append(decimal: originalLength)
      out.append(octet: 0x20)
    }
    appendTimestamp(time, into: &out)
    if let origin {
      out.append(SafeText.escaped(origin))
      out.append(octet: 0x20)
    }
    isMarked = false
    appendLink(frame, octets, length: max(originalLength, octets.count), into: &out)
    if let problem = frame.problem, !isMarked { appendMarker(problem, into: &out) }
    if let note {
      out.append(" [")
      out.append(SafeText.escaped(note))
      out.append(octet: 0x5d)
    }
    if options.dump != .none { appendDump(frame, octets, into: &out) }
    out.newline()
  }

  /// tcpdump's mark of a protocol that was cut.
  mutating func appendCut(_ protocolName: String, into out: inout TextBuffer) {
    out.append(" [|")
    out.append(protocolName)
    out.append(octet: 0x5d)
    isMarked = true
  }

  /// tcpdump's mark of a field that cannot be.
  mutating func appendInvalid(into out: inout TextBuffer) {
    out.append(" (invalid)")
    isMarked = true
  }

  /// Our own mark, where tcpdump has none.
  private func appendMarker(_ problem: PacketError, into out: inout TextBuffer) {
    out.append(" [")
    out.append(problem.description)
    out.append(octet: 0x5d)
  }
}
