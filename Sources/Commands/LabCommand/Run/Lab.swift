import LinuxNet
import LinuxSystem
import PacketWire
import ServerShell
import ServiceEngine
import SimulatedInternet

/// A lab that is set up: two network namespaces with the simulated internet between them, servers at
/// its far side, and this thread at its near side.
///
/// Everything belongs to this process: when it ends, however it ends, the namespaces and what is in
/// them are gone.
struct Lab: ~Copyable {
  private let signals: SignalSource
  private let client: TunDevice
  private let server: TunDevice
  private let servers: [any Server]
  private let internet: SimulatedInternet

  /// Makes the namespaces and moves this thread, and the commands that it starts, to the near side.
  /// An ordinary user becomes root of a user namespace first, which is root of nothing outside.
  init(_ topology: Topology, seed: UInt64?) throws(SystemError) {
    // First, so that an impatient Control-C does not end it halfway.
    let signals = try SignalSource([.interrupt, .terminate, .hangUp, .quit])
    let isRoot = (try Privileges.holds(.sysAdmin), try Privileges.holds(.netAdmin)) == (true, true)
    if !isRoot { try Namespaces.enterUserNamespaceAsRoot() }
    let resolver = topology.resolver ?? topology.site
    let server = try LabSide.enter(
      interface: "site0",
      addresses: topology.serverAddresses, mtu: topology.serverMTU)
    let servers = try Self.openServers(topology, resolver: resolver)
    let client = try LabSide.enter(
      interface: "wan0", addresses: topology.client.addresses.all,
      mtu: topology.clientMTU)
    try LabFiles(resolver: resolver.addresses.all).install()
    // Noncopyable values go one by one, and only once nothing can fail any more.
    self.signals = signals
    self.client = client
    self.server = server
    self.servers = servers
    internet = SimulatedInternet(topology: topology, seed: seed)
  }

  private static func openServers(
    _ topology: Topology, resolver: Topology.Node
  ) throws(SystemError) -> [any Server] {
    let responder = DNSResponder(records: topology.dnsRecords)
    var servers: [any Server] = []
    for address in resolver.addresses.all {
      let endpoint = Endpoint(address, port: 53)
      servers.append(
        try DatagramServer(at: endpoint) { query, _ in
          responder.answer(to: query, over: .udp)
        })
      servers.append(try StreamServer(at: endpoint) { _, _ in DNSStream(responder) })
    }
    for address in Set(topology.sites.flatMap(\.node.addresses.all)).sorted() {
      let endpoint = Endpoint(address, port: 80)
      servers.append(try StreamServer(at: endpoint) { _, _ in HTTPConnection(.chat) })
    }
    return servers
  }

  /// Runs a command in the lab, with our own standard streams, until it ends.
  ///
  /// - Returns: the code that a shell would give: the command's own, 128 and the number of the signal
  ///   that ended it, 127 if there is no such command and 126 if it cannot be run.
  consuming func run(_ command: [String]) throws(SystemError) -> CInt {
    var prepared = Command(command)
    prepared.endsWithParent = true
    var child = try ChildProcess(prepared)
    // The command keeps its rights in here. This process needs none any more.
    try Privileges.dropAllCapabilities()
    try Poller.setTimerSlack(Nanoseconds(1))
    do throws(SystemError) {
      try child.release()
    } catch {
      return LabCommand.fail("\(error)", code: error.isNotFound ? 127 : 126)
    }
    var loop = LabLoop(internet, servers: servers)
    return try loop.run(child: &child, client: client, server: server, signals: signals)
  }
}
