import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeEvidence

/// The events of a file, read as they are asked for.
struct EvidenceFeed: ~Copyable {
  private let file: Descriptor
  private let path: String
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private(set) var reader = EvidenceReader()

  init(_ path: String) throws(SystemError) {
    file = try Descriptor.openForReading(path)
    self.path = path
  }

  /// The next event; `nil` when there is none, or none that can be read: see `reader.problem`.
  mutating func next() throws(SystemError) -> EvidenceEvent? {
    while true {
      switch reader.next() {
      case .event(let event): return event
      case .end: return nil
      case .needMoreOctets:
        let count: Int?
        do throws(SystemError) {
          count = try file.read(into: &buffer)
        } catch {
          throw SystemError("read", on: path, errorNumber: error.errorNumber)
        }
        if let count, count > 0 {
          let octets = Array(buffer[..<count])
          reader.append(octets.span)
        } else {
          reader.finish()
        }
      }
    }
  }
}

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
