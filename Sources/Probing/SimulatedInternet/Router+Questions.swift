import PacketWire

extension Router {
  /// What a router answers that is asked for the time, its mask, its network or its name; `nil` if it was asked
  /// nothing of the kind, or was not told to answer.
  func answerToQuestion(_ visit: Visit) -> [UInt8]? {
    let packet = visit.packet
    let octets = packet.octets.span
    let frame = Frame(decoding: octets, linkType: .raw)
    guard frame.problem == nil, !frame.isFragment,
      frame.transportChecksum(over: octets) == .good
    else { return nil }
    var answer = OutgoingPacket(source: packet.destination, destination: packet.source)
    answer.identification = identification
    var reader = PacketReader(octets.extracting(frame.payload))
    switch frame.transport {
    case .icmpv4(var header) where header.type == .timestampRequest:
      guard let time = time(at: visit.now), var stamps = try? ICMPTimestamps(parsing: &reader)
      else { return nil }
      (stamps.receive, stamps.transmit) = (time, time)
      header.type = .timestampReply
      return answer.carrying(
        header, [UInt8](capacity: ICMPTimestamps.length) { stamps.write(to: &$0) })
    case .icmpv4(var header) where header.type == .addressMaskRequest:
      guard let mask = manners.maskLength.map({ ICMPAddressMask(prefixLength: $0) })
      else { return nil }
      header.type = .addressMaskReply
      return answer.carrying(
        header, [UInt8](capacity: ICMPAddressMask.length) { mask.write(to: &$0) })
    case .icmpv4(var header) where header.type == .informationRequest:
      guard manners.answersInformationRequests else { return nil }
      header.type = .informationReply
      return answer.carrying(header, [])
    case .icmpv6(let header) where header.type == .nodeInformationQuery:
      guard manners.answersInformation, let query = try? NodeInformation(parsing: &reader),
        isAbout(query, code: header.code)
      else { return nil }
      let (code, data) = information(of: header, interfaces[visit.interface])
      let reply = NodeInformation(nonce: query.nonce, data: data)
      let body = [UInt8](capacity: reply.length) { reply.write(to: &$0) }
      return answer.carrying(
        ICMPv6Header(.nodeInformationReply, code: code.rawValue, rest: header.rest), body)
    default: return nil
    }
  }

  private func time(at now: MonotonicInstant) -> ICMPTimestamp? {
    manners.clockOffset.map {
      ICMPTimestamp(origin + Nanoseconds(now.nanoseconds) + $0)
    }
  }

  /// A node says nothing to questions about somebody else (RFC 4620 §5).
  private func isAbout(_ query: NodeInformation, code: UInt8) -> Bool {
    switch try? query.subject(code: code) {
    case .ipv6(let address): interfaces.contains { $0.addresses.ipv6 == address }
    case .ipv4(let address): interfaces.contains { $0.addresses.ipv4 == address }
    case .name(nil): true
    case .name(let name?): entry.node.name?.isSame(as: name.name) ?? false
    case nil: false
    }
  }

  /// Code and data of the reply to a question that came in by an interface.
  private func information(
    of header: ICMPv6Header, _ interface: Interface
  ) -> (NodeInformation.ReplyCode, [UInt8]) {
    let asked = header.informationFlags.contains(.all) ? interfaces : [interface]
    switch header.informationType {
    case .noOperation: return (.success, [])
    case .nodeName:
      let names = entry.node.name.map { [NodeInformation.Name($0, isFullyQualified: true)] }
      return (.success, NodeInformation.data(names: names ?? []))
    case .nodeAddresses:
      return (.success, Self.data(asked.compactMap(\.addresses.ipv6).map { .v6($0) }))
    case .ipv4Addresses:
      return (.success, Self.data(asked.compactMap(\.addresses.ipv4).map { .v4($0) }))
    default: return (.unknownType, [])
    }
  }

  /// Each once; they stay for ever.
  private static func data(_ addresses: [IPAddress]) -> [UInt8] {
    var entries: [NodeInformation.Address] = []
    for address in addresses where !entries.contains(where: { $0.address == address }) {
      entries.append(NodeInformation.Address(address, timeToLive: .max))
    }
    return NodeInformation.data(addresses: entries)
  }
}
