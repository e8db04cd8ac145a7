import LinuxNet
import LinuxSystem
import PacketWire
import SimulatedInternet

/// Two hosts, each in a network namespace of its own, and one simulated link between them. Whatever
/// goes over it passes through here, and is kept to be shown.
struct SocketWire: ~Copyable {
  /// Which of the two hosts.
  enum Side: String, Hashable, Sendable {
    case client
    case server
  }

  /// A packet that was sent over the link.
  struct Passage {
    let octets: [UInt8]
    let sender: Side
    let sentAt: MonotonicInstant
    /// Nil as long as it is under way, and for ever if it was lost.
    var arrivedAt: MonotonicInstant?
  }

  static let clientAddress = IPAddress.v4(IPv4Address(192, 0, 2, 1))
  static let serverAddress = IPAddress.v4(IPv4Address(192, 0, 2, 2))

  private let clientDevice: TunDevice
  private let serverDevice: TunDevice
  private let clientNamespace: Namespace
  private let serverNamespace: Namespace
  private var internet: SimulatedInternet
  private var internetWake: MonotonicInstant?
  private var poller: Poller
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  private var lastActivity = MonotonicClock.now()
  private var passages: [Passage] = []

  /// Makes both hosts. The link is described as in a lab file. The process must be one that may make
  /// network namespaces.
  init(link: String, seed: UInt64) throws(SystemError) {
    let serverDevice = try Self.enterHost(Self.serverAddress)
    let serverNamespace = try Namespace.current(.network)
    let clientDevice = try Self.enterHost(Self.clientAddress)
    let clientNamespace = try Namespace.current(.network)
    var poller = Poller()
    for number in [clientDevice.descriptorNumber, serverDevice.descriptorNumber] {
      _ = poller.add(number, interest: .read)
    }
    internet = SimulatedInternet(topology: Self.topology(link), seed: seed)
    self.serverDevice = serverDevice
    self.clientDevice = clientDevice
    self.serverNamespace = serverNamespace
    self.clientNamespace = clientNamespace
    self.poller = poller
  }

  private static func enterHost(_ address: IPAddress) throws(SystemError) -> TunDevice {
    let device = try LabSide.enter(interface: "eth0", addresses: [address], mtu: nil)
    // Two numbers in every segment (RFC 7323 §3) that nobody here looks at.
    try? writeExistingFile("/proc/sys/net/ipv4/tcp_timestamps", "0")
    return device
  }

  private static func topology(_ link: String) -> Topology {
    let text = """
      client client.test \(clientAddress)
      site server.test \(serverAddress) \(link)
      """
    do {
      return try Topology(parsing: text)
    } catch {
      preconditionFailure("our own lab file: \(error)")
    }
  }

  /// Sockets that are opened from now on are those of this host.
  func enter(_ side: Side) throws(SystemError) {
    switch side {
    case .client: try clientNamespace.enter()
    case .server: try serverNamespace.enter()
    }
  }

  /// Carries packets until none has come for so long and it `isDone`, or until `limit` is over; gives
  /// those that were sent meanwhile.
  mutating func carry(
    quiet: Nanoseconds, limit: Nanoseconds = .seconds(10), until isDone: () -> Bool = { true }
  ) throws(SystemError) -> [Passage] {
    let end = MonotonicClock.now() + limit
    lastActivity = MonotonicClock.now()
    while true {
      if let due = internetWake, due <= MonotonicClock.now() { step(.timer) }
      try takeIn(.client)
      try takeIn(.server)
      let now = MonotonicClock.now()
      if now >= end { break }
      if internetWake == nil, now >= lastActivity + quiet, isDone() { break }
      // Whether it is done shows in the hosts and not here: it is asked now and then.
      var wake = max(lastActivity + quiet, now + .milliseconds(2))
      if let internetWake { wake = min(wake, internetWake) }
      try poller.wait(until: min(wake, end))
    }
    defer { passages = [] }
    return passages
  }

  private mutating func takeIn(_ side: Side) throws(SystemError) {
    while let count = side == .client
      ? try clientDevice.read(into: &buffer) : try serverDevice.read(into: &buffer)
    {
      let packet = Array(buffer[..<count])
      let now = MonotonicClock.now()
      passages.append(Passage(octets: packet, sender: side, sentAt: now))
      lastActivity = now
      step(.packet(packet, from: side == .client ? .client : .server))
    }
  }

  private mutating func step(_ event: SimulatedInternet.Event) {
    internetWake = nil
    for effect in internet.step(event, at: MonotonicClock.now()) {
      switch effect {
      case .wake(let instant): internetWake = instant
      case .deliver(let octets, let point, _):
        deliver(octets, to: point == .client ? .client : .server)
      }
    }
  }

  private mutating func deliver(_ octets: [UInt8], to side: Side) {
    let now = MonotonicClock.now()
    lastActivity = now
    // No router stands in between: what arrives is what was sent, octet for octet.
    let place = passages.firstIndex {
      $0.sender != side && $0.arrivedAt == nil && $0.octets == octets
    }
    if let place { passages[place].arrivedAt = now }
    if side == .client {
      try? clientDevice.write(octets.span)
    } else {
      try? serverDevice.write(octets.span)
    }
  }
}
