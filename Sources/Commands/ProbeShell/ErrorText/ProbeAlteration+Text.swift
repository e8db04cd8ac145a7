public import PacketText
import PacketWire
public import ProbeEngine

extension TextBuffer {
  /// Appends what was changed of a probe, in one line: "DSCP bleached: 46 (EF) sent, 0 (CS0) quoted
  /// (RFC 2474 §3)"; nothing for a field that was not changed.
  public mutating func append(_ comparison: ProbeAlteration.Comparison) {
    guard let change = comparison.change else { return }
    append(change.words(for: comparison.field))
    append(": ")
    if let sent = comparison.sent {
      append(sent, of: comparison.field)
      append(" sent, ")
    }
    append(comparison.quoted, of: comparison.field)
    append(" quoted (")
    append(change.source(for: comparison.field))
    append(octet: 0x29)
  }

  mutating func append(_ value: ProbeAlteration.Value, of field: DatagramField) {
    switch (value, field) {
    case (.address(let address), _): append(address)
    case (.octets(let octets), .tcpOptions) where TCPHeader.segmentSize(in: octets) != nil:
      append("MSS ")
      append(decimal: TCPHeader.segmentSize(in: octets) ?? 0)
      guard octets.count > 4 else { return }
      append(" in ")
      append(decimal: octets.count)
      append(" octets")
    case (.octets(let octets), _):
      append(decimal: octets.count)
      append(octets.count == 1 ? " octet" : " octets")
    case (.number(let number), .dscp):
      append(decimal: number)
      guard let name = DSCP(rawValue: UInt8(truncatingIfNeeded: number)).name else { return }
      append(" (")
      append(name)
      append(octet: 0x29)
    case (.number(let number), .ecn):
      append(["Not-ECT", "ECT(1)", "ECT(0)", "CE"][Int(number & 3)])
    case (.number(let number), .identification), (.number(let number), .headerChecksum),
      (.number(let number), .icmpChecksum), (.number(let number), .icmpIdentifier),
      (.number(let number), .udpChecksum), (.number(let number), .tcpChecksum),
      (.number(let number), .fragmentation), (.number(let number), .tcpFlags):
      append("0x")
      append(hex: number, digits: 4)
    case (.number(let number), _): append(decimal: number)
    }
  }

  /// Appends what the quoted time to live says, as a sentence without its end.
  public mutating func append(_ hopsLeft: ProbeAlteration.HopsLeft) {
    switch hopsLeft {
    case .asArrived: append("quoted with 1 hop left: as it arrived")
    case .none:
      append(
        "quoted with no hop left: counted before quoting, or forwarded by the router before "
          + "although used up")
    case .left(let count):
      append("quoted with ")
      append(decimal: count)
      append(" hops left: hops hidden on the way (a tunnel, MPLS), or dropped too early")
    case .taken(let count):
      append("quoted after ")
      append(decimal: count)
      append(count == 1 ? " hop" : " hops")
    case .raised: append("quoted with more hops left than were sent")
    }
  }
}

extension TCPHeader {
  /// The largest segment size among a header's options.
  fileprivate static func segmentSize(in options: [UInt8]) -> UInt16? {
    guard let copied = OptionOctets(copying: options.span) else { return nil }
    var header = TCPHeader(from: 0, to: 0, flags: .syn)
    header.options = copied
    var size: UInt16?
    try? header.forEachOption { option in
      if case .maximumSegmentSize(let value) = option { size = value }
    }
    return size
  }
}

extension DatagramField {
  /// What it is called in a sentence.
  public var name: String {
    switch self {
    case .dscp: "DSCP"
    case .ecn: "ECN"
    case .flowLabel: "flow label"
    case .totalLength: "total length"
    case .identification: "identification"
    case .dontFragment: "DF"
    case .fragmentation: "fragment offset"
    case .timeToLive: "TTL"
    case .protocolNumber: "protocol"
    case .headerChecksum: "header checksum"
    case .source: "source address"
    case .destination: "destination address"
    case .options: "options"
    case .icmpType: "ICMP type"
    case .icmpCode: "ICMP code"
    case .icmpChecksum: "ICMP checksum"
    case .icmpIdentifier: "ICMP identifier"
    case .icmpSequenceNumber: "ICMP sequence number"
    case .sourcePort: "source port"
    case .destinationPort: "destination port"
    case .udpLength: "UDP length"
    case .udpChecksum: "UDP checksum"
    case .tcpSequenceNumber: "TCP sequence number"
    case .tcpAcknowledgmentNumber: "TCP acknowledgment number"
    case .tcpFlags: "TCP flags"
    case .tcpWindow: "TCP window"
    case .tcpChecksum: "TCP checksum"
    case .tcpOptions: "TCP options"
    case .payload: "payload"
    }
  }
}

extension Change {
  /// What was done, in the words of the field.
  public func words(for field: DatagramField) -> String {
    switch self {
    case .dscpRemarked: "DSCP remarked"
    case .dscpBleached: "DSCP bleached"
    case .precedenceBleached: "ToS precedence bleached"
    case .ecnBleached: "ECN bleached"
    case .congestionMarked: "congestion marked"
    case .ecnRewritten: "ECN rewritten"
    case .byteSwapped: "\(field.name) byte-swapped"
    case .headerLengthTaken: "total length without the header"
    case .rewritten: "\(field.name) rewritten"
    case .dontFragmentCleared: "DF cleared"
    case .dontFragmentSet: "DF set"
    case .fragmented: "fragmented"
    case .notDecremented: "TTL not decremented"
    case .raised: "TTL raised"
    case .translated: "NAT: \(field.name) translated"
    case .checksumWrong: "\(field.name) wrong"
    case .checksumNotUpdated: "\(field.name) not updated"
    case .checksumCleared: "\(field.name) cleared"
    case .checksumRewritten: "\(field.name) rewritten"
    case .optionsStripped: "\(field.name) stripped"
    case .segmentSizeClamped: "MSS clamped"
    }
  }

  /// The RFC that says what may be done to the field, or how it is quoted.
  public func source(for field: DatagramField) -> String {
    switch self {
    case .dscpRemarked, .dscpBleached, .precedenceBleached: "RFC 2474 §3"
    case .ecnBleached, .congestionMarked, .ecnRewritten: "RFC 3168 §5"
    case .notDecremented, .raised: "RFC 1812 §5.3.1"
    case .checksumWrong, .checksumNotUpdated, .checksumCleared, .checksumRewritten: "RFC 1624 §3"
    case .dontFragmentCleared, .dontFragmentSet, .fragmented: "RFC 1812 §5.2.6"
    case .translated: "RFC 3022 §4"
    case .segmentSizeClamped: "RFC 9293 §3.7.1"
    case .byteSwapped, .headerLengthTaken, .rewritten, .optionsStripped: "RFC 1812 §4.3.2.3"
    }
  }
}
