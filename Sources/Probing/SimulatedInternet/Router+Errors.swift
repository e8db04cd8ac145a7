import PacketWire

extension Router {
  /// What a router does with a packet that is for itself.
  mutating func deliver(
    _ visit: Visit, _ table: RoutingTable, _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    identification &+= 1
    if manners.answersProbes, let probe = InterfaceProbe(visit.packet) {
      let answer = probe.answer(
        to: visit.packet, by: interfaces, called: manners.interfaceName,
        identification: identification)
      return reply(answer, to: visit, table, &counters)
    }
    if let answer = answerToQuestion(visit) {
      return reply(answer, to: visit, table, &counters)
    }
    switch LocalDelivery(of: visit.packet, openUDPPorts: [], identification: identification) {
    case .answer(let answer): return reply(answer, to: visit, table, &counters)
    case .error(let error):
      return complain(
        error, about: visit, from: visit.packet.destination, ErrorExtensions(), table, &counters)
    case .badChecksum:
      counters.badChecksum += 1
      return nil
    case .ignored:
      counters.ignored += 1
      return nil
    }
  }

  private mutating func reply(
    _ answer: [UInt8]?, to visit: Visit, _ table: RoutingTable,
    _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    guard !manners.isSilent, let answer, let way = way(to: visit.packet.source, for: visit, table)
    else {
      counters.ignored += 1
      return nil
    }
    counters.answered += 1
    return send(answer, by: way, &counters)
  }

  /// An error about a packet that would have left by an interface, if there is one for it.
  mutating func complain(
    _ error: ICMPError, about visit: Visit, toward way: Int? = nil, _ table: RoutingTable,
    _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    let addresses =
      switch manners.errorSource {
      case .nearInterface: interfaces[visit.interface].addresses
      case .farInterface: interfaces[way ?? visit.interface].addresses
      case .address(let addresses): addresses
      }
    return complain(
      error, about: visit, from: addresses[visit.arrived.source.family], extensions(about: visit),
      table, &counters)
  }

  /// What the sender of a packet hears that does not pass the firewall.
  mutating func refuse(
    _ visit: Visit, _ action: Firewall.Action, toward way: Int, _ table: RoutingTable,
    _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    switch action {
    case .drop: return nil
    case .prohibit: return complain(.prohibited, about: visit, toward: way, table, &counters)
    case .reject:
      let frame = Frame(decoding: visit.arrived.octets.span, linkType: .raw)
      guard frame.protocolNumber == .tcp else {
        return complain(.portUnreachable, about: visit, toward: way, table, &counters)
      }
      identification &+= 1
      let reset = visit.arrived.reset(identification: identification)
      return reply(reset, to: visit, table, &counters)
    }
  }

  private func extensions(about visit: Visit) -> ErrorExtensions {
    var extensions = ErrorExtensions()
    extensions.isOldStyle = manners.extendsOldStyle
    extensions.append(labels: manners.labels)
    if let name = manners.interfaceName {
      let interface = interfaces[visit.interface]
      extensions.append(
        interface: interface.name(after: name), index: UInt32(visit.interface + 1),
        interface.addresses[visit.arrived.source.family],
        mtu: interface.properties.mtu)
    }
    return extensions
  }

  private mutating func complain(
    _ error: ICMPError, about visit: Visit, from source: IPAddress?,
    _ extensions: ErrorExtensions, _ table: RoutingTable,
    _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    identification &+= 1
    guard !manners.isSilent, let source,
      let way = way(to: visit.arrived.source, for: visit, table),
      let message = error.message(
        about: visit.arrived, from: source, identification: identification,
        quotedLength: manners.quotedLength ?? .max, extensions: extensions)
    else {
      counters.errorsSuppressed += 1
      return nil
    }
    guard errorMeter?.takes(at: visit.now) ?? true else {
      counters.errorsLimited += 1
      return nil
    }
    counters.errorsSent += 1
    return send(message, by: way, &counters)
  }
}

extension SimulatedInternet.Counters {
  mutating func count(_ refusal: ReceivedPacket.Refusal) {
    switch refusal {
    case .malformed: malformed += 1
    case .badChecksum: badChecksum += 1
    case .unroutable: unroutable += 1
    }
  }
}
