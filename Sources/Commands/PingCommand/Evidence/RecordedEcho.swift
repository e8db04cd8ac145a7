import PacketWire
import ProbeEngine
import ProbeEvidence

/// An echo request, or a probe of another type that looks like one otherwise, as a file has it.
struct RecordedEcho {
  var identifier: UInt16
  var sequenceNumber: UInt16
  var source: IPAddress
  var target: IPAddress
  /// Octets behind the ICMP header.
  var length: Int

  var family: IPFamily { target.family }

  /// `nil` when the packet is no whole probe of this type; `nil` is an echo request's.
  init?(_ packet: EvidencePacket, _ type: ProbeType?) {
    let frame = Frame(decoding: packet.octets.span, linkType: .raw)
    guard let addresses = frame.addresses else { return nil }
    let expected = type?[addresses.destination.family]
    switch frame.transport {
    case .icmpv4(let header)
    where header.type.rawValue == expected ?? EchoRequest.echoType(.v4):
      (identifier, sequenceNumber) = (header.identifier, header.sequenceNumber)
    case .icmpv6(let header)
    where header.type.rawValue == expected ?? EchoRequest.echoType(.v6):
      (identifier, sequenceNumber) = (header.identifier, header.sequenceNumber)
    default: return nil
    }
    (source, target) = (addresses.source, addresses.destination)
    length = frame.payload.count
  }
}
