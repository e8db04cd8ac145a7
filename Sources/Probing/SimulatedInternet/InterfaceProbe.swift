import PacketWire

/// An extended echo request: what is the state of that interface of yours? (RFC 8335)
struct InterfaceProbe: Sendable {
  /// Which interface is asked about (RFC 8335 §2.1).
  enum Subject: Hashable, Sendable {
    case name(String)
    case index(UInt32)
    case address(IPAddress)
  }

  /// What is answered (RFC 8335 §3).
  enum Code: UInt8, Sendable {
    case noError = 0
    case malformedQuery = 1
    case noSuchInterface = 2
    case noSuchTableEntry = 3
    case multipleInterfaces = 4
  }

  /// Identifier, sequence number and the octet with the L bit.
  private let rest: UInt32
  private let payload: [UInt8]
  /// `nil` if the question cannot be read.
  private let subject: Subject?

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
    subject = structure.flatMap { Subject(packet.octets[$0]) }
  }

  /// The interface is the asked one's own, and not that of a neighbour (the L bit).
  private var isLocal: Bool { rest & 1 == 1 }

  /// The answer of a router with these interfaces, of which the first homeward one is called `name`.
  func answer(
    to packet: ReceivedPacket, by interfaces: [Interface], called name: String?,
    identification: UInt16
  ) -> [UInt8]? {
    var code = Code.noError
    var state: UInt32 = 0
    if let subject {
      let found = interfaces.indices.filter {
        subject.isAbout(interfaces[$0], index: $0, called: name)
      }
      // Neighbours of other kinds than routers here are not known by address.
      if !isLocal {
        code = .noSuchTableEntry
      } else if let first = found.first {
        let addresses = interfaces[first].addresses
        // Active, and which families run there.
        state = 0b100 | (addresses.ipv4 == nil ? 0 : 0b010) | (addresses.ipv6 == nil ? 0 : 0b001)
        if found.count > 1 { (code, state) = (.multipleInterfaces, 0) }
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
        .extendedEchoReply, code: code.rawValue, rest: rest & 0xffff_ff00 | state)
      return answer.carrying(header, payload)
    case .ipv6:
      let header = ICMPv6Header(
        .extendedEchoReply, code: code.rawValue, rest: rest & 0xffff_ff00 | state)
      return answer.carrying(header, payload)
    }
  }
}

extension InterfaceProbe.Subject {
  /// Reads the one object of an extension structure.
  fileprivate init?(_ structure: ArraySlice<UInt8>) {
    var objects: [ICMPExtensionObject] = []
    let octets = Array(structure)
    guard (try? ICMPExtensionObject.forEach(in: octets.span, { objects.append($0) })) != nil,
      objects.count == 1, objects[0].classNumber == ICMPExtensionObject.interfaceIdentification
    else { return nil }
    let value = Array(octets[objects[0].value])
    switch (objects[0].classType, value.count) {
    case (1, 1...):
      // Zeros pad the name to whole words.
      let text = value[..<(value.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)]
      self = .name(String(decoding: text, as: UTF8.self))
    case (2, 4): self = .index(value.span.u32(at: 0))
    case (3, 8) where value.span.u16(at: 0) == 1 && value[2] == 4:
      self = .address(.v4(value.span.ipv4Address(at: 4)))
    case (3, 20) where value.span.u16(at: 0) == 2 && value[2] == 16:
      self = .address(.v6(value.span.ipv6Address(at: 4)))
    default: return nil
    }
  }

  fileprivate func isAbout(_ interface: Interface, index: Int, called name: String?) -> Bool {
    switch self {
    case .name(let wanted): name.map { interface.name(after: $0) == wanted } ?? false
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
