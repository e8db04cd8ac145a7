import PacketWire
import ProbeEvidence

/// An echo request, as a file has it.
struct RecordedEcho {
  var identifier: UInt16
  var sequenceNumber: UInt16
  var source: IPAddress
  var target: IPAddress
  /// Octets behind the ICMP header.
  var length: Int

  var family: IPFamily { target.family }

  /// `nil` when the packet is no whole echo request.
  init?(_ packet: EvidencePacket) {
    let frame = Frame(decoding: packet.octets.span, linkType: .raw)
    guard let addresses = frame.addresses else { return nil }
    switch frame.transport {
    case .icmpv4(let header) where header.type == .echoRequest:
      (identifier, sequenceNumber) = (header.identifier, header.sequenceNumber)
    case .icmpv6(let header) where header.type == .echoRequest:
      (identifier, sequenceNumber) = (header.identifier, header.sequenceNumber)
    default: return nil
    }
    (source, target) = (addresses.source, addresses.destination)
    length = frame.payload.count
  }
}
