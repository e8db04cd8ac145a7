import LinuxNet
import LinuxSystem
import PacketText
import PacketWire

extension SocketStage {
  private static let sourcePort: UInt16 = 12_345
  private static let timeToLive: UInt8 = 77
  private static let words = "my own header"

  /// Raw sockets: the program builds the headers.
  func showRaw() {
    title(
      "raw",
      "IP packets. The program builds the header behind IP's and, if it wants to, IP's as well.")
    guard
      let client = socket(
        .client, .internet, .raw, protocolNumber: IPProtocol(rawValue: 255))
    else {
      return remark(
        """
        Raw sockets need CAP_NET_RAW, for with them a program can pretend to be another one, or another \
        host. Run this as root, or where user namespaces are allowed.
        """)
    }
    client.set(.headerIncluded)
    guard let datagrams = socket(.server, .internet, .datagram) else { return }
    datagrams.bind(to: serverPlace)
    guard let listener = socket(.server, .internet, .raw, protocolNumber: .udp),
      case .internet(let place) = place(of: datagrams),
      let packet = packet(to: place, saying: Self.words)
    else { return }
    remark(
      """
      Two servers: a datagram socket, and a raw one that hears all of UDP. The client has built \
      \(packet.count) octets: 20 of IPv4, with a time to live of \(Self.timeToLive), 8 of UDP, from a port \
      that no socket has, and \(packet.count - 28) of text:
      """)
    dump(packet)
    client.send(packet, to: .internet(Endpoint(place.address)))
    if datagrams.receiveMessage(room: 64) == Array(Self.words.utf8) {
      remark("The kernel has checked our headers, found them good, and taken them off.")
    }
    if let heard = listener.receiveMessage(room: 64) { remarkHeader(of: heard) }
    for socket in [client, datagrams, listener] { socket.close() }
  }

  /// A UDP datagram in an IPv4 packet, made from nothing.
  private func packet(to place: Endpoint, saying words: String) -> [UInt8]? {
    guard case .v4(let destination) = place.address else { return nil }
    let payload = Array(words.utf8)
    let source = hasWire ? SocketWire.clientAddress : .v4(.loopback)
    guard case .v4(let address) = source else { return nil }
    var header = IPv4Header(protocolNumber: .udp, from: address, to: destination)
    header.timeToLive = Self.timeToLive
    header.identification = 0xcafe
    var datagram = UDPHeader(from: Self.sourcePort, to: place.port)
    let text = payload.span
    do throws(PacketError) {
      try datagram.fill(payload: text, from: source, to: place.address)
      try header.fill(payloadLength: UDPHeader.length + payload.count)
    } catch {
      preconditionFailure("a short text fits into a datagram")
    }
    return [UInt8](capacity: header.length + UDPHeader.length + payload.count) { out in
      header.write(to: &out)
      datagram.write(to: &out)
      for octet in payload { out.append(octet) }
    }
  }

  private func remarkHeader(of packet: [UInt8]) {
    var reader = PacketReader(packet.span)
    guard let header = try? IPv4Header(parsing: &reader) else { return }
    remark(
      """
      The raw socket got the same datagram once more, with all of its headers: IPv4, time to live \
      \(header.timeToLive), identification \(header.identification), \(header.totalLength) octets in all.
      """)
  }
}
