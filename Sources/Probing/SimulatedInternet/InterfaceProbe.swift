import PacketWire

/// An extended echo request: what is the state of that interface of yours? (RFC 8335)
struct InterfaceProbe: Sendable {
  /// Identifier, sequence number and the octet with the L bit.
  private let rest: UInt32
  private let payload: [UInt8]
  /// `nil` if the question cannot be read.
  private let subject: ICMPInterfaceIdentification.Subject?

  /// Reads a packet; `nil` if it asks no such thing.
  init?(_ packet: ReceivedPacket) {
    let frame = Frame(decoding: packet.octets.span, linkType: .raw)
    switch frame.transport {
    case .icmpv4(let header) where header.type == .extendedEchoRequest: rest = header.rest
    case .icmpv6(let header) where header.type == .extendedEchoRequest: rest = header.rest
    default: return nil
    }
    payload = Array(packet.octets[frame.payload])
    let structure = frame.icmpExtensions(in: packet.octets.span)
    subject = structure.flatMap { place in
      var reader = PacketReader(
        packet.octets.span.extracting(place.dropFirst(ICMPExtensionHeader.length)))
      guard let object = try? ICMPInterfaceIdentification(parsing: &reader), reader.available == 0
      else { return nil }
      return object.subject
    }
  }

  /// The interface is the asked one's own, and not that of a neighbour (the L bit).
  private var isLocal: Bool { rest & 1 == 1 }

  /// The answer of a router with these interfaces, of which the first homeward one is called `name`.
  func answer(
    to packet: ReceivedPacket, by interfaces: [Interface], called name: String?,
    identification: UInt16
  ) -> [UInt8]? {
    var code = ICMPInterfaceState.Code.noError
    var state = ICMPInterfaceState(rawValue: 0)
    if let subject {
      let found = interfaces.indices.filter {
        subject.isAbout(interfaces[$0], index: $0, called: name)
      }
      // Neighbours of other kinds than routers here are not known by address.
      if !isLocal {
        code = .noSuchTableEntry
      } else if let first = found.first {
        let addresses = interfaces[first].addresses
        if found.count > 1 {
          code = .multipleInterfaces
        } else {
          state = ICMPInterfaceState(
            isActive: true, runsIPv4: addresses.ipv4 != nil, runsIPv6: addresses.ipv6 != nil)
        }
      } else {
        code = .noSuchInterface
      }
    } else {
      code = .malformedQuery
    }
    var answer = OutgoingPacket(source: packet.destination, destination: packet.source)
    answer.identification = identification
    switch packet.header {
    case .ipv4:
      let header = ICMPv4Header(
        .extendedEchoReply, code: code.rawValue, rest: rest & 0xffff_ff00 | UInt32(state.rawValue))
      return answer.carrying(header, payload)
    case .ipv6:
      let header = ICMPv6Header(
        .extendedEchoReply, code: code.rawValue, rest: rest & 0xffff_ff00 | UInt32(state.rawValue))
      return answer.carrying(header, payload)
    }
  }
}

extension ICMPInterfaceIdentification.Subject {
  fileprivate func isAbout(_ interface: Interface, index: Int, called name: String?) -> Bool {
    switch self {
    case .name(let wanted): name.map { Array(interface.name(after: $0).utf8) == wanted } ?? false
    case .index(let wanted): wanted == UInt32(index + 1)
    case .address(let wanted): interface.addresses.contains(wanted)
    }
  }
}

extension Interface {
  /// Its name on a router whose first interface that looks to the client is called `first`.
  func name(after first: String) -> String {
    first + (neighbour.direction == .outward ? "-far" : "") + (number > 1 ? "-\(number)" : "")
  }
}
