import LinuxNet
import LinuxSystem
import PacketWire
import ServerShell
import SimulatedInternet

/// A lab that is set up: two network namespaces with the simulated internet between them, servers at
/// its far side, this thread at its near side, and a PID namespace for what is run in it.
///
/// Everything belongs to this process: when it ends, however it ends, the namespaces are gone, and so
/// are all processes in them.
struct Lab: ~Copyable {
  private let client: TunDevice
  private let server: TunDevice
  private let servers: [any Server]
  private let internet: SimulatedInternet
  private let doors: LabDoors
  private let processes: ProcessNamespace
  private let plan: LabPlan

  /// Makes the namespaces and moves this thread, and the commands that it starts, to the near side.
  /// An ordinary user becomes root of a user namespace first, which is root of nothing outside. The
  /// command, if there is one, waits at its end of the path until it is run.
  init(
    _ plan: LabPlan, for command: Command? = nil, at end: LabEnd = .client
  ) throws(SystemError) {
    let isRoot = try LabSide.acquirePrivileges()
    let topology = plan.topology
    let resolver = topology.resolver ?? topology.site
    let server = try LabSide.enter(
      interface: "site0",
      addresses: topology.serverAddresses, mtu: topology.serverMTU)
    let servers = try LabServers(plan)
    let farSide = try Namespace.current(.network)
    let client = try LabSide.enter(
      interface: "wan0", addresses: topology.client.addresses.all,
      mtu: topology.clientMTU)
    try LabFiles(resolver: resolver.addresses.all, authority: servers.authority).install()
    let nearSide = try Namespace.current(.network)
    if end == .server { try farSide.enter() }
    var processes = try ProcessNamespace(for: command)
    let doors = try LabDoors(user: !isRoot, client: nearSide, server: farSide)
    // Without it, programs see the processes outside, and cannot do anything to them.
    _ = try processes.mountProc()
    // Noncopyable values go one by one, and only once nothing can fail any more.
    self.client = client
    self.server = server
    self.servers = servers.all
    self.doors = doors
    self.processes = processes
    self.plan = plan
    var internet = SimulatedInternet(topology: topology, seed: plan.seed)
    // The loop's instants are those of the monotonic clock.
    internet.origin = WallClock.now() + Nanoseconds(-MonotonicClock.now().nanoseconds)
    self.internet = internet
  }

  /// Runs the command, with our own standard streams, until it ends.
  ///
  /// - Returns: the code that a shell would give: the command's own, 128 and the number of the signal
  ///   that ended it, 127 if there is no such command and 126 if it cannot be run.
  consuming func runCommand(signals: consuming SignalSource) throws(SystemError) -> CInt {
    // The command keeps its rights in here. This process needs none any more.
    try Self.giveUpRights()
    let task = CommandTask(processes, signals: signals)
    task.release()
    var loop = LabLoop(internet, servers: servers)
    return try loop.run(task, client: client, server: server)
  }

  /// Keeps the lab up for others until somebody asks it to end, or a signal does.
  ///
  /// - Returns: the exit code of the process that was the lab.
  consuming func stay(
    _ listener: consuming LocalListener, ready: consuming ReadySignal,
    signals: consuming SignalSource
  ) throws(SystemError) -> CInt {
    try Self.giveUpRights()
    let keeper = LabKeeper(
      plan, listener: listener, doors: doors, processes: processes, signals: signals)
    try ready.send()
    var loop = LabLoop(internet, servers: servers)
    return try loop.run(keeper, client: client, server: server)
  }

  private static func giveUpRights() throws(SystemError) {
    try Privileges.dropAllCapabilities()
    try Poller.setTimerSlack(Nanoseconds(1))
  }
}
