import PacketWire

/// What a router changes in packets that it forwards, beside the hops left; in both directions.
public struct PacketEdits: Hashable, Sendable {
  /// The DSCP that every packet gets (RFC 2474 §3), 0 to 63.
  public var dscp: UInt8?
  /// The two bits of ECN are cleared, whatever they said, which RFC 3168 §5 forbids.
  public var bleachesECN = false
  /// No SYN announces a longer segment than this ("MSS clamping").
  public var maximumSegmentSize: UInt16?

  /// Nothing.
  public init() {}

  private var isNothing: Bool { self == PacketEdits() }

  /// Changes a packet that is about to be sent on. All checksums are updated and not computed anew
  /// (RFC 1624), so that damage stays visible.
  func apply(to octets: inout [UInt8]) {
    guard !isNothing else { return }
    editTrafficClass(&octets)
    if let maximumSegmentSize { clamp(&octets, to: maximumSegmentSize) }
  }

  private func editTrafficClass(_ octets: inout [UInt8]) {
    guard octets.count >= IPv4Header.minimumLength else { return }
    if octets[0] >> 4 == 4 {
      let old = octets.span.u16(at: 0)
      octets.setWord(at: 0, old & 0xff00 | UInt16(edited(UInt8(truncatingIfNeeded: old))))
      let checksum = octets.span.u16(at: 10).updatedChecksum(from: old, to: octets.span.u16(at: 0))
      octets.setWord(at: 10, checksum)
    } else {
      // Four bits of version, eight of traffic class, and four of the flow label (RFC 8200 §3).
      let old = octets.span.u16(at: 0)
      let trafficClass = edited(UInt8(truncatingIfNeeded: old >> 4))
      octets.setWord(at: 0, old & 0xf00f | UInt16(trafficClass) << 4)
    }
  }

  private func edited(_ trafficClass: UInt8) -> UInt8 {
    let ecn = bleachesECN ? 0 : trafficClass & 0b11
    return (dscp.map { $0 << 2 } ?? trafficClass & ~0b11) | ecn
  }

  /// RFC 9293 §3.7.1: the option stands in segments with SYN only.
  private func clamp(_ octets: inout [UInt8], to maximum: UInt16) {
    let frame = Frame(decoding: octets.span, linkType: .raw)
    guard case .tcp(let header) = frame.transport, header.flags.contains(.syn) else { return }
    var place = frame.transportOffset + TCPHeader.minimumLength
    let end = min(frame.transportOffset + header.length, octets.count)
    while place + 4 <= end, octets[place] != 0 {
      if octets[place] == 1 {
        place += 1
        continue
      }
      let length = Int(octets[place + 1])
      guard length >= 2 else { return }
      if octets[place] == 2, length == 4 {
        let old = octets.span.u16(at: place + 2)
        guard old > maximum else { return }
        octets.setWord(at: place + 2, maximum)
        // A value at an odd place counts with its octets changed over (RFC 1071 §2 (B)).
        let isOdd = (place - frame.transportOffset) % 2 == 1
        let (from, to) = isOdd ? (old.byteSwapped, maximum.byteSwapped) : (old, maximum)
        let checksumAt = frame.transportOffset + 16
        octets.setWord(
          at: checksumAt, octets.span.u16(at: checksumAt).updatedChecksum(from: from, to: to))
        return
      }
      place += length
    }
  }
}

extension UInt16 {
  /// A checksum after a word of what it covers has changed (RFC 1624 §3, equation 3).
  func updatedChecksum(from old: UInt16, to new: UInt16) -> UInt16 {
    var sum = InternetChecksum()
    for word in [~self, ~old, new] { sum.add(word) }
    return sum.value
  }
}

extension [UInt8] {
  /// Puts a big-endian number of two octets to `index`.
  mutating func setWord(at index: Int, _ word: UInt16) {
    self[index] = UInt8(word >> 8)
    self[index + 1] = UInt8(truncatingIfNeeded: word)
  }
}
