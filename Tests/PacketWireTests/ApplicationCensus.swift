import PacketTestSupport
import PacketWire

extension HeaderCensus {
  /// Writes back what a segment or datagram carries.
  mutating func addApplication(_ frame: Frame, _ all: [UInt8]) {
    guard let ports = frame.ports, let transport = frame.protocolNumber, !frame.payload.isEmpty
    else { return }
    let payload = Array(all[frame.payload])
    switch ApplicationProtocol.recognize(transport, ports: ports, payload: payload.span) {
    case .dhcpv4: addMessage(.dhcpv4, payload, as: DHCPv4Message.self)
    case .dhcpv6: addMessage(.dhcpv6, payload, as: DHCPv6Message.self)
    case .ntp: addMessage(.ntp, payload, as: NTPHeader.self)
    case .quic where payload[0] & 0x80 != 0:
      addMessage(.quic, payload, as: QUICLongHeader.self)
    case .tls: addRecords(payload)
    default: break
    }
  }

  private mutating func addMessage<Value: WireValue>(
    _ kind: Kind, _ octets: [UInt8], as type: Value.Type
  ) {
    var reader = PacketReader(octets.span)
    guard let value = try? Value(parsing: &reader) else { return }
    check(kind, value, at: 0, octets)
  }

  /// The records that a segment begins with, and the first message of each.
  private mutating func addRecords(_ payload: [UInt8]) {
    var reader = PacketReader(payload.span)
    while let header = try? TLSRecordHeader(parsing: &reader), header.isPlausible {
      check(.tlsRecord, header, at: reader.offset - TLSRecordHeader.length, payload)
      guard let body = try? reader.take(Int(header.bodyLength), for: .tls) else { return }
      guard header.type == .handshake else { continue }
      var message = PacketReader(body)
      guard let start = try? TLSHandshakeHeader(parsing: &message),
        let content = try? message.take(Int(start.bodyLength), for: .tls)
      else { continue }
      let octets = Array(copying: content)
      switch start.type {
      case ClientHello.handshakeType: addMessage(.clientHello, octets, as: ClientHello.self)
      case ServerHello.handshakeType: addMessage(.serverHello, octets, as: ServerHello.self)
      case TLSCertificates.handshakeType:
        addMessage(.certificates, octets, as: TLSCertificates.self)
      default: break
      }
    }
  }
}
