public import PacketWire

/// A host at the edge of a simulated internet, with no kernel below it: it answers echo requests,
/// tells of closed ports, and takes no data.
public struct SimulatedHost: Sendable {
  /// What it answers to.
  public let addresses: Set<IPAddress>
  /// Datagrams for these ports are taken without a word; to any other port is unreachable.
  public let openUDPPorts: Set<UInt16>
  private var identification: UInt16 = 0

  /// A host with some addresses.
  public init(addresses: Set<IPAddress>, openUDPPorts: Set<UInt16> = []) {
    (self.addresses, self.openUDPPorts) = (addresses, openUDPPorts)
  }

  /// The packet that a host sends because of the one it got, if it sends one.
  public mutating func receive(_ octets: [UInt8]) -> [UInt8]? {
    guard let packet = try? ReceivedPacket(checking: octets),
      addresses.contains(packet.destination)
    else { return nil }
    identification &+= 1
    let delivery = LocalDelivery(
      of: packet, openUDPPorts: openUDPPorts, identification: identification)
    switch delivery {
    case .answer(let answer): return answer
    case .error(let error):
      return error.message(
        about: packet, from: packet.destination, identification: identification)
    case .ignored, .badChecksum: return nil
    }
  }
}
