import PacketWire

/// The IP header fields of a packet that a node here sends by itself. Each `carrying` fills in the
/// lengths and checksums and gives the whole packet; `nil` if the addresses' families differ or do
/// not carry such a thing, or the packet is longer than IP can say.
struct OutgoingPacket: Sendable {
  /// The time to live and hop limit of all that is sent here (RFC 1812 §4.2.2.9: at least 64).
  static let timeToLive: UInt8 = 64

  /// The node's own address.
  var source: IPAddress
  /// Whom it is for.
  var destination: IPAddress
  /// DSCP and ECN; of IPv6 the traffic class.
  var typeOfService: UInt8 = 0
  /// Of the IPv4 header.
  var identification: UInt16 = 0

  func carrying(_ header: ICMPv4Header, _ payload: [UInt8]) -> [UInt8]? {
    var header = header
    header.fill(payload: payload.span)
    let body = [UInt8](capacity: ICMPv4Header.length + payload.count) {
      header.write(to: &$0)
      $0.append(copying: payload.span)
    }
    return wrapped(body, as: .icmp)
  }

  func carrying(_ header: ICMPv6Header, _ payload: [UInt8]) -> [UInt8]? {
    guard case (.v6(let source), .v6(let destination)) = (source, destination) else { return nil }
    var header = header
    header.fill(payload: payload.span, from: source, to: destination)
    let body = [UInt8](capacity: ICMPv6Header.length + payload.count) {
      header.write(to: &$0)
      $0.append(copying: payload.span)
    }
    return wrapped(body, as: .icmpv6)
  }

  /// A segment without data.
  func carrying(_ header: TCPHeader) -> [UInt8]? {
    var header = header
    let nothing: [UInt8] = []
    header.fill(payload: nothing.span, from: source, to: destination)
    return wrapped([UInt8](capacity: header.length) { header.write(to: &$0) }, as: .tcp)
  }

  private func wrapped(_ body: [UInt8], as number: IPProtocol) -> [UInt8]? {
    switch (source, destination) {
    case (.v4(let source), .v4(let destination)):
      var header = IPv4Header(protocolNumber: number, from: source, to: destination)
      (header.typeOfService, header.identification) = (typeOfService, identification)
      header.timeToLive = Self.timeToLive
      guard (try? header.fill(payloadLength: body.count)) != nil else { return nil }
      return [UInt8](capacity: header.length + body.count) {
        header.write(to: &$0)
        $0.append(copying: body.span)
      }
    case (.v6(let source), .v6(let destination)):
      var header = IPv6Header(nextHeader: number, from: source, to: destination)
      (header.trafficClass, header.hopLimit) = (typeOfService, Self.timeToLive)
      guard (try? header.fill(payloadLength: body.count)) != nil else { return nil }
      return [UInt8](capacity: IPv6Header.length + body.count) {
        header.write(to: &$0)
        $0.append(copying: body.span)
      }
    default: return nil
    }
  }
}
