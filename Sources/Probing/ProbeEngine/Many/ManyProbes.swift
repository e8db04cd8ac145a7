public import PacketWire

/// Builds the probes of many traces and finds them again.
///
/// There are fewer numbers on the wire than probes: a number leads to the latest probe that has it, and that
/// one's target knows whether it can be this probe, as for a trace of its own. So a probe needs no more than
/// any other, and an answer no table of addresses.
public struct ManyProbes: Sendable {
  /// How each target that is traced is probed.
  private var probes: [Int: TraceProbe] = [:]
  /// The port that UDP probes' ports rise from, where it is all that an error queue tells.
  private let risingPort: UInt16?
  private let family: IPFamily

  /// No targets.
  ///
  /// - Parameters:
  ///   - family: of all targets.
  ///   - risingPort: the first destination port, if each probe has the next one.
  public init(_ family: IPFamily, risingPort: UInt16? = nil) {
    (self.family, self.risingPort) = (family, risingPort)
  }

  /// How that target is probed; nil where it is not.
  public subscript(target: Int) -> TraceProbe? {
    get { probes[target] }
    set { probes[target] = newValue }
  }

  /// Reads what a raw ICMP socket received, as `TraceProbe` does.
  public func decode(
    _ octets: Span<UInt8>, framing: ArrivalFraming, fields: ArrivalFields, ledger: TraceLedger
  ) -> TraceArrival? {
    for wire in numbers(inMessage: octets, framing) {
      guard let number = ledger.number(onWire: wire), let probe = probe(number, ledger) else {
        continue
      }
      let arrival = probe.decode(octets, framing: framing, fields: fields, ledger: ledger)
      if let arrival, arrival.number == number { return arrival }
    }
    return nil
  }

  /// Reads what a raw TCP socket received.
  public func decode(
    answer octets: Span<UInt8>, framing: ArrivalFraming, fields: ArrivalFields,
    ledger: TraceLedger
  ) -> TraceArrival? {
    for wire in numbers(inSegment: octets, framing) {
      guard let number = ledger.number(onWire: wire), let probe = probe(number, ledger) else {
        continue
      }
      let arrival = probe.decode(answer: octets, framing: framing, fields: fields, ledger: ledger)
      if let arrival, arrival.number == number { return arrival }
    }
    return nil
  }

  /// Reads what came to the port that datagrams go out from: the datagram given back, as echo servers do.
  public func decode(
    datagram octets: Span<UInt8>, fields: ArrivalFields, ledger: TraceLedger
  ) -> TraceArrival? {
    guard octets.count >= 10, let number = ledger.number(onWire: octets.u16(at: 8)),
      let probe = probe(number, ledger)
    else { return nil }
    let arrival = probe.decode(datagram: octets, fields: fields, ledger: ledger)
    return arrival?.number == number ? arrival : nil
  }

  /// Finds the probe that a socket's error queue gives back.
  ///
  /// - Parameters:
  ///   - octets: what the error quoted, as for `TraceProbe`.
  ///   - destination: where the probe was going.
  ///   - port: and to which port.
  ///   - error: the error itself.
  ///   - ledger: the probes that were sent.
  /// - Returns: the answer, or nil when it belongs to none of the probes.
  public func decode(
    queued octets: Span<UInt8>, destination: IPAddress?, port: UInt16, error: ICMPErrorReport,
    ledger: TraceLedger
  ) -> TraceArrival? {
    let number: Int?
    if let risingPort {
      number = ledger.number(onPort: port, from: risingPort)
    } else {
      number = octets.count < 8 ? nil : ledger.number(onWire: octets.u16(at: 6))
    }
    guard let number, let probe = probe(number, ledger), probe.target == destination else {
      return nil
    }
    let arrival = probe.decode(
      queued: octets, destinationPort: port, error: error, ledger: ledger)
    return arrival?.number == number ? arrival : nil
  }

  private func probe(_ number: Int, _ ledger: TraceLedger) -> TraceProbe? {
    ledger[number].flatMap { probes[$0.request.target] }
  }
}

// MARK: - Where a number may stand

extension ManyProbes {
  /// In an ICMP message: an echo reply's sequence number, or what an error quotes.
  private func numbers(inMessage octets: Span<UInt8>, _ framing: ArrivalFraming) -> [UInt16] {
    let start = framing == .packet ? Self.headerLength(octets) : 0
    guard start + 8 <= octets.count else { return [] }
    if octets[start] == (family == .v4 ? 0 : 129) { return [octets.u16(at: start + 6)] }
    var reader = PacketReader(octets.extracting(start + 8..<octets.count))
    guard let quoted = try? QuotedDatagram(parsing: &reader) else { return [] }
    let payload = octets.extracting(start + 8..<octets.count).extracting(quoted.payload)
    return numbers(in: quoted, payload)
  }

  private func numbers(in quoted: QuotedDatagram, _ payload: Span<UInt8>) -> [UInt16] {
    var numbers: [UInt16] = []
    switch quoted.transport {
    case .icmpv4(let header): numbers.append(header.sequenceNumber)
    case .icmpv6(let header): numbers.append(header.sequenceNumber)
    case .tcp(let header): numbers.append(UInt16(truncatingIfNeeded: header.sequenceNumber))
    case .tcpStart(_, _, let sequenceNumber):
      numbers.append(UInt16(truncatingIfNeeded: sequenceNumber))
    case .udp where payload.count >= 10: numbers.append(payload.u16(at: 8))
    default: break
    }
    // Some routers quote it with its octets in the wrong order.
    if case .ipv4(let header) = quoted.network {
      numbers += [header.identification, header.identification.byteSwapped]
    }
    return numbers
  }

  /// In a TCP segment: what it acknowledges, or the number that it was given.
  private func numbers(inSegment octets: Span<UInt8>, _ framing: ArrivalFraming) -> [UInt16] {
    let start = framing == .packet ? Self.headerLength(octets) : 0
    guard start + TCPHeader.minimumLength <= octets.count else { return [] }
    let acknowledged = octets.u16(at: start + 10)
    return [acknowledged &- 1, acknowledged, octets.u16(at: start + 6)]
  }

  private static func headerLength(_ packet: Span<UInt8>) -> Int {
    packet.isEmpty ? 0 : Int(packet[0] & 15) * 4
  }
}
