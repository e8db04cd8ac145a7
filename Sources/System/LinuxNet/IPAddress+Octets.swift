import PacketWire

extension IPAddress {
  /// The 4 or 16 octets, in network order.
  var octets: [UInt8] {
    switch self {
    case .v4(let address): [UInt8](capacity: 4) { $0.append(bigEndian: address.bits) }
    case .v6(let address): [UInt8](capacity: 16) { $0.append(bigEndian: address.bits) }
    }
  }
}
