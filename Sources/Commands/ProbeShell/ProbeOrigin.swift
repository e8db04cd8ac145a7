public import LinuxNet
public import LinuxSystem
public import PacketWire

/// Where a tool's probes come from: what `-I` said, or what the routes say.
public struct ProbeOrigin: Hashable, Sendable {
  /// The address that probes carry.
  public var source: IPAddress
  /// The interface that probes are bound to, if `-I` named one.
  public var interface: String?
  /// The longest packet that the route takes, in octets, as far as the kernel knows.
  public private(set) var pathMTU: Int
  /// The target is a broadcast address.
  public private(set) var isBroadcast = false

  /// What `-I` can mean: an address of this host, or else an interface.
  public enum Choice: Hashable, Sendable {
    case address(IPAddress)
    case interface(String)

    /// Reads `-I`'s value.
    public init(_ text: String) {
      if let address = IPAddress(text) { self = .address(address) } else { self = .interface(text) }
    }

    /// The only family that can be sent from it; `nil` for an interface, which may have both.
    public var family: IPFamily? {
      if case .address(let address) = self { address.family } else { nil }
    }
  }

  /// Asks the routing table for the source of packets to `target`.
  ///
  /// The corresponding C calls are `connect` and `getsockname` on a UDP socket; nothing is sent.
  ///
  /// - Parameters:
  ///   - target: where packets are to go.
  ///   - choices: what `-I` said, an interface and an address at the most.
  ///   - allowsBroadcast: the target may be a broadcast address.
  /// - Throws: why nothing can be sent there.
  public init(
    for target: Endpoint, choices: [Choice] = [], allowsBroadcast: Bool = false
  ) throws(SystemError) {
    let socket = try MessageSocket(.datagram(.udp), family: target.address.family)
    for choice in choices {
      switch choice {
      case .address(let address): try Self.bind(socket, to: address)
      case .interface(let name):
        try socket.bind(toInterface: name)
        interface = name
      }
    }
    do throws(SystemError) {
      try Self.connect(socket, to: target)
    } catch {
      // So the kernel says that an address is one of broadcast.
      guard allowsBroadcast, error.isPermission else { throw error }
      try socket.setBroadcast()
      try Self.connect(socket, to: target)
      isBroadcast = true
    }
    source = try socket.localEndpoint().address
    pathMTU = try socket.pathMTU()
  }

  private static func bind(
    _ socket: borrowing MessageSocket, to address: IPAddress
  ) throws(SystemError) {
    do throws(SystemError) {
      try socket.bind(to: Endpoint(address))
    } catch {
      throw SystemError(
        "send from", on: "\(address)", errorNumber: error.errorNumber,
        remedy: "`ip address` lists this host's addresses")
    }
  }

  private static func connect(
    _ socket: borrowing MessageSocket, to target: Endpoint
  ) throws(SystemError) {
    var endpoint = target
    endpoint.port = 9  // discard (RFC 863): connect wants some port
    do throws(SystemError) {
      try socket.connect(to: endpoint)
    } catch {
      // Linux refuses broadcast addresses with EACCES unless a socket was set up for them.
      throw SystemError(
        "reach", on: target.addressText, errorNumber: error.errorNumber,
        remedy: error.isPermission
          ? "this may be a broadcast address: probe one host, or a multicast group; ping-swift -b allows it"
          : "`ip route get \(target.address)` shows what the routes say")
    }
  }
}
