import FlowAnalysis
import PacketWire

extension FieldWalk {
  /// Finds the conversation of a segment, and what is to be said of it from those before; its place
  /// in `segments`.
  mutating func follow(_ layer: FieldLayer, _ octets: Span<UInt8>) -> Int? {
    let network = layer.outerStart
    guard layer.place(0, TCPHeader.minimumLength) != nil,
      let ends = Self.ends(of: network, octets)
    else { return nil }
    let header = TCPHeader(captured: octets.extracting(layer.start..<layer.end))
    guard let header, header.length <= layer.wireCount else {
      return keepUnsound(header, layer, octets, ends)
    }
    let segment = TCPSegment(
      header, length: layer.wireCount &- header.length, from: ends.source, to: ends.destination)
    // A quoted segment is known by then, and tells nothing new.
    if layer.quotedBy != nil {
      segments.append(SegmentFacts(conversations.quoted(segment, at: now)))
      return segments.count &- 1
    }
    return keep(segment, conversations.add(segment, at: PacketMark(number: number, time: now)))
  }

  /// A segment whose data offset is wrong has ports, and no place in the sequence.
  private mutating func keepUnsound(
    _ header: TCPHeader?, _ layer: FieldLayer, _ octets: Span<UInt8>,
    _ ends: (source: IPAddress, destination: IPAddress)
  ) -> Int? {
    var ports = TCPHeader(
      from: octets.u16(at: layer.start), to: octets.u16(at: layer.start &+ 2), flags: [])
    ports.window = header?.window ?? 0
    let segment = TCPSegment(ports, length: 0, from: ends.source, to: ends.destination)
    var facts = SegmentFacts(conversations.quoted(segment, at: now))
    facts.hasWindow = header != nil
    segments.append(facts)
    return segments.count &- 1
  }

  /// Finds the conversation of a UDP datagram; its place in `datagrams`.
  mutating func follow(udp layer: FieldLayer, _ octets: Span<UInt8>) -> Int? {
    guard layer.place(0, UDPHeader.length) != nil,
      let ends = Self.ends(of: layer.outerStart, octets)
    else { return nil }
    let stream = conversations.stream(
      ofUDP: (ends.source, octets.u16(at: layer.start)),
      (ends.destination, octets.u16(at: layer.start &+ 2)), at: now)
    let isTimed = needs.contains(.datagramTimes) && layer.quotedBy == nil
    datagrams.append(
      isTimed ? datagramHistory.add(stream, at: now) : DatagramFacts(stream: stream))
    return datagrams.count &- 1
  }

  /// Who sent the packet whose IP header starts at `start`, and whom it is for.
  static func ends(
    of start: Int, _ octets: Span<UInt8>
  ) -> (source: IPAddress, destination: IPAddress)? {
    guard start < octets.count else { return nil }
    if octets[start] >> 4 == 4 {
      guard start &+ IPv4Header.minimumLength <= octets.count else { return nil }
      return (
        .v4(IPv4Address(bits: octets.u32(at: start &+ 12))),
        .v4(IPv4Address(bits: octets.u32(at: start &+ 16)))
      )
    }
    guard start &+ IPv6Header.length <= octets.count else { return nil }
    return (
      .v6(IPv6Address(bits: octets.u128(at: start &+ 8))),
      .v6(IPv6Address(bits: octets.u128(at: start &+ 24)))
    )
  }
}
