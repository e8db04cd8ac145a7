public import PacketWire

/// Builds captures by hand: each call adds one Ethernet frame and lets a millisecond pass.
public struct ConversationBuilder: Sendable {
  /// One frame as a capture would hold it.
  public struct Packet: Sendable {
    /// The frame's octets.
    public var octets: [UInt8]
    /// Its capture stamp.
    public var time: WallInstant
    /// How long it was on the wire, when the capture cut it.
    public var originalLength: Int?
  }

  /// Which end of a connection sends.
  public enum Side: Sendable { case client, server }

  /// A TCP connection to be played. Positions count from 1 for the first octet of data.
  public struct Connection: Sendable {
    /// Who opens it.
    public var client: (address: IPAddress, port: UInt16)
    /// Who answers.
    public var server: (address: IPAddress, port: UInt16)
    /// The client's initial sequence number.
    public var clientISN: UInt32 = 2_837_462
    /// The server's initial sequence number.
    public var serverISN: UInt32 = 991_000_001
    /// The client's next position; its SYN is position 0.
    public var clientNext: Int64 = 0
    /// The server's next position.
    public var serverNext: Int64 = 0

    /// A connection between these ends, by text.
    public init(
      from client: String = "198.18.0.2", _ clientPort: UInt16 = 40_001,
      to server: String = "203.0.113.80", _ serverPort: UInt16 = 80
    ) {
      self.client = (address(client), clientPort)
      self.server = (address(server), serverPort)
    }
  }

  /// What was built, in order.
  public private(set) var packets: [Packet] = []
  /// The stamp of the next frame; each moves it on by `step`.
  public var now = WallInstant(nanoseconds: 1_700_000_000_000_000_000)
  /// How much time passes with each frame.
  public var step = Nanoseconds.milliseconds(1)
  /// Time to live, or hop limit, of what is built.
  public var hopsLeft: UInt8 = 64
  /// The IPv4 identification, which counts.
  private var identification: UInt16 = 0x1000

  /// A capture without packets.
  public init() {}

  /// Lets time pass.
  public mutating func wait(_ time: Nanoseconds) { now = now + time }

  /// Adds a frame as it is.
  public mutating func frame(_ octets: [UInt8], originalLength: Int? = nil) {
    packets.append(Packet(octets: octets, time: now, originalLength: originalLength))
    now = now + step
  }

  /// Takes the last frame, and the time that it took, back.
  mutating func removeLast() -> Packet {
    let last = packets.removeLast()
    now = last.time
    return last
  }

  /// Cuts the last frame to `count` octets, as a snapshot length does.
  public mutating func cutLast(to count: Int) {
    var last = packets.removeLast()
    last.originalLength = last.octets.count
    last.octets = Array(last.octets.prefix(count))
    packets.append(last)
  }

  /// Adds an IP packet of either family in an Ethernet frame.
  public mutating func ip(
    _ number: IPProtocol, from source: IPAddress, to destination: IPAddress, _ payload: [UInt8]
  ) {
    let mac = MACAddress(bits: 0x0200_0000_0001)
    switch (source, destination) {
    case (.v4(let source), .v4(let destination)):
      var header = IPv4Header(protocolNumber: number, from: source, to: destination)
      header.timeToLive = hopsLeft
      header.identification = identification
      identification &+= 1
      try? header.fill(payloadLength: payload.count)
      ethernet(.ipv4, mac) {
        header.write(to: &$0)
      } then: {
        payload
      }
    case (.v6(let source), .v6(let destination)):
      var header = IPv6Header(nextHeader: number, from: source, to: destination)
      header.hopLimit = hopsLeft
      header.payloadLength = UInt16(payload.count)
      ethernet(.ipv6, mac) {
        header.write(to: &$0)
      } then: {
        payload
      }
    default: preconditionFailure("addresses of two families")
    }
  }

  private mutating func ethernet(
    _ type: EtherType, _ destination: MACAddress, _ header: (inout OutputSpan<UInt8>) -> Void,
    then payload: () -> [UInt8]
  ) {
    let link = EthernetHeader(
      from: MACAddress(bits: 0x0200_0000_0002), to: destination, type: type)
    let payload = payload()
    frame(
      [UInt8](capacity: 14 + 60 + payload.count) { out in
        link.write(to: &out)
        header(&out)
        for octet in payload { out.append(octet) }
      })
  }

  /// Adds a UDP datagram.
  public mutating func udp(
    from source: (address: IPAddress, port: UInt16),
    to destination: (address: IPAddress, port: UInt16), _ data: [UInt8]
  ) {
    var header = UDPHeader(from: source.port, to: destination.port)
    try? header.fill(payload: data.span, from: source.address, to: destination.address)
    let octets = [UInt8](capacity: 8 + data.count) { out in
      header.write(to: &out)
      for octet in data { out.append(octet) }
    }
    ip(.udp, from: source.address, to: destination.address, octets)
  }

  /// Adds a DNS message over UDP between `client` and port 53 of `server`.
  public mutating func dns(
    _ message: DNSMessage, client: String = "198.18.0.2", _ port: UInt16 = 50_001,
    server: String = "203.0.113.53"
  ) {
    let octets = [UInt8](capacity: message.length) { message.write(to: &$0) }
    let (client, server) = ((address(client), port), (address(server), UInt16(53)))
    if message.isResponse {
      udp(from: server, to: client, octets)
    } else {
      udp(from: client, to: server, octets)
    }
  }

  /// Adds an ARP packet.
  public mutating func arp(_ packet: ARPPacket) {
    let isRequest = packet.operation == .request
    ethernet(.arp, isRequest ? .broadcast : packet.targetMAC) {
      packet.write(to: &$0)
    } then: {
      []
    }
  }

  /// Adds an ICMP message.
  public mutating func icmp(
    _ header: ICMPv4Header, from source: String, to destination: String, _ body: [UInt8] = []
  ) {
    var header = header
    header.fill(payload: body.span)
    let octets = [UInt8](capacity: 8 + body.count) { out in
      header.write(to: &out)
      for octet in body { out.append(octet) }
    }
    ip(.icmp, from: address(source), to: address(destination), octets)
  }

  /// Adds an ICMPv6 message.
  public mutating func icmp(
    _ header: ICMPv6Header, from source: IPv6Address, to destination: IPv6Address,
    _ body: [UInt8] = []
  ) {
    var header = header
    header.fill(payload: body.span, from: source, to: destination)
    let octets = [UInt8](capacity: 8 + body.count) { out in
      header.write(to: &out)
      for octet in body { out.append(octet) }
    }
    ip(.icmpv6, from: .v6(source), to: .v6(destination), octets)
  }
}

/// The address that `text` spells.
public func address(_ text: String) -> IPAddress {
  guard let address = IPAddress(text) else { preconditionFailure("no address: \(text)") }
  return address
}

/// The name that `text` spells.
public func name(_ text: String) -> DNSName {
  guard let name = DNSName(text) else { preconditionFailure("no name: \(text)") }
  return name
}
