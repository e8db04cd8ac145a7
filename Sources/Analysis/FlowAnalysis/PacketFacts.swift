public import PacketWire

/// One end of a packet.
public struct Endpoint: Hashable, Sendable {
  /// Its network address.
  public var address: IPAddress
  /// Its port, where the transport has ports.
  public var port: UInt16?
  /// The name by which this capture's DNS answers gave the address, if one did before this packet.
  public var name: LearnedName?

  /// An end by its address, port and name.
  public init(_ address: IPAddress, port: UInt16? = nil, name: LearnedName? = nil) {
    (self.address, self.port, self.name) = (address, port, name)
  }
}

extension Endpoint: CustomStringConvertible {
  /// The address, and the port behind a colon; an IPv6 address with a port is in brackets
  /// (RFC 5952 §6).
  public var description: String {
    guard let port else { return "\(address)" }
    return address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}

/// All that an analysis knows of one packet when it is seen: its own content, and how it belongs to
/// packets before it. Nothing in it looks ahead.
public struct PacketFacts: Sendable {
  /// What the packet is.
  public enum Content: Sendable {
    /// Decoding stopped before a transport header was read.
    case unreadable(PacketError)
    /// A frame that carries neither IP nor ARP, and what it says it carries.
    case link(EtherType?)
    /// An address resolution packet.
    case arp(ARPFacts)
    /// An IPv6 neighbour discovery message.
    case neighbor(NeighborFacts)
    /// Any other ICMP or ICMPv6 message.
    case icmp(ICMPFacts)
    /// A piece of a larger packet, with which that is not whole.
    case fragment(FragmentFacts)
    /// A DNS message in a UDP datagram.
    case dns(DNSFacts)
    /// Any other UDP datagram.
    case udp(UDPFacts)
    /// A TCP segment, with what its stream holds.
    case tcp(TCPFacts)
    /// A transport protocol without a decoder.
    case other(IPProtocol)
  }

  /// The packet.
  public var mark: PacketMark
  /// How long the frame was on the wire, in octets, without its checksum.
  public var length: Int
  /// The flow that it belongs to; nil for what is no IP, ARP or whole packet.
  public var flow: FlowID?
  /// No packet of the flow was seen before.
  public var isFirstOfFlow = false
  /// It comes from the side that began the flow: of TCP the client.
  public var isFromInitiator = true
  /// Who sent it.
  public var source: Endpoint?
  /// Whom it is for.
  public var destination: Endpoint?
  /// What it is.
  public var content: Content
  /// Of a TCP segment: messages begin or end in it, or it breaks a connection off. To look into
  /// `content` costs a copy of it.
  public var hasEvents = false
  /// Whom the frame is for on its link.
  public var linkDestination: MACAddress?
  /// How many routers the packet may still pass: time to live or hop limit.
  public var hopsLeft: UInt8?
  /// The outer VLAN identifier, if the frame is tagged.
  public var vlan: UInt16?
  /// The tunnel that it comes through.
  public var tunnel: TunnelFacts? {
    get { tunnelPart.value }
    set { tunnelPart.value = newValue }
  }
  private var tunnelPart = OutOfLine<TunnelFacts>()
  /// The pieces before it of the packet that is whole with it, and is what `content` tells of.
  public var pieces: PieceFacts? {
    get { piecesPart.value }
    set { piecesPart.value = newValue }
  }
  private var piecesPart = OutOfLine<PieceFacts>()
  /// Octets at the end of the packet that the capture does not hold.
  public var cutOctets = 0

  /// Facts of a frame that carries nothing that is known yet.
  init(mark: PacketMark, length: Int, _ etherType: EtherType?) {
    (self.mark, self.length) = (mark, length)
    content = .link(etherType)
  }
}

/// A UDP datagram whose content is not decoded.
public struct UDPFacts: Hashable, Sendable {
  /// What the datagram can be told to be.
  public enum Service: Hashable, Sendable {
    /// A QUIC packet with a long header (RFC 8999 §5.1).
    case quic(version: UInt32, type: QUICPacketType)
    /// On a DNS port, but no DNS message.
    case brokenDNS(PacketError)
    /// Nothing is known but the ports.
    case unknown
  }

  /// Octets of data.
  public var length: Int
  /// What it can be told to be.
  public var service: Service
  /// The other side's last datagram in this flow.
  public var lastFromPeer: PacketMark?
}

/// What a QUIC long header is for (RFC 9000 §17.2; RFC 9369 §3.2 numbers them anew).
public enum QUICPacketType: Hashable, Sendable {
  case initial, zeroRTT, handshake, retry
  /// A list of versions (RFC 8999 §6).
  case versionNegotiation
  /// A version whose types are not known here.
  case unknown
}
