import LinuxNet
import LinuxSystem
import PacketWire

/// Finds out which processes are at the ends of a flow: the socket by sock_diag, its process by the
/// links in /proc/PID/fd. It runs in a helper process, for after giving up the rights to it nobody may
/// look at the files of other users' processes.
struct FlowOwnerSearch: ~Copyable {
  /// Sockets that were seen, or sought in vain, are forgotten beyond this.
  private static let limit = 65_536

  /// So often a connection that nobody has accepted is looked at again, a quarter of a millisecond
  /// later each time.
  private static let patience = 4

  private var diagnosis: SocketDiagnosis?
  /// Processes by their sockets' inodes.
  private var owners: [UInt32: Int] = [:]
  private var soughtInVain: Set<UInt32> = []
  /// Had the socket that was found last: who opens one connection opens the next as a rule, and a
  /// browser's other processes hold hundreds of files.
  private var lastFound: Int?
  /// The command and all that descends from it; processes that have ended stay in it.
  private var tree: Set<Int> = []
  private let hasCommand: Bool
  /// Look at processes that do not belong to the command too.
  private let looksAtAll: Bool

  init(hasCommand: Bool, looksAtAll: Bool) {
    (self.hasCommand, self.looksAtAll) = (hasCommand, looksAtAll)
  }

  /// One end of a flow.
  private struct End {
    var process: Int?
    var socket: FlowOwner.Socket
  }

  /// Who is at the ends of a flow.
  mutating func owner(of flow: PacketFlow) -> FlowOwner {
    let sender = sockets(of: flow)
    let receiver = sockets(of: flow.reversed)
    guard sender != nil || receiver != nil else { return rawOwner(of: flow) }
    return owner(end(of: flow, sender), end(of: flow.reversed, receiver))
  }

  /// A raw socket belongs to no flow, and to both of its directions.
  private mutating func rawOwner(of flow: PacketFlow) -> FlowOwner {
    guard let process = rawProcess(of: flow) else { return .lost }
    return owner(End(process: process, socket: .held), End(process: nil, socket: .held))
  }

  private func owner(_ sender: End, _ receiver: End) -> FlowOwner {
    var owner = FlowOwner(
      sender: described(sender.process), receiver: described(receiver.process),
      isCommands: [sender, receiver].contains { $0.process.map { tree.contains($0) } ?? false })
    (owner.senderSocket, owner.receiverSocket) = (sender.socket, receiver.socket)
    return owner
  }

  private func described(_ process: Int?) -> PacketProcess? {
    guard let process, let number = UInt32(exactly: process) else { return nil }
    return PacketProcess(number: number, name: ProcessTable.name(of: process) ?? "")
  }

  /// The sockets at the sender's end; nil if there is none on this host.
  private mutating func sockets(of flow: PacketFlow) -> [UInt32]? {
    switch flow.protocolNumber {
    case IPProtocol.tcp.rawValue, IPProtocol.udp.rawValue:
      if diagnosis == nil { diagnosis = try? SocketDiagnosis() }
      let remote = Endpoint(flow.destination, port: flow.destinationPort)
      guard var inode = self.inode(of: flow, remote) else { return nil }
      // A connection that is being opened from outside is nobody's until it is accepted.
      for _ in 0..<Self.patience where inode == 0 && flow.protocolNumber == IPProtocol.tcp.rawValue
      {
        var poller = Poller()
        _ = try? poller.wait(until: MonotonicClock.now() + Nanoseconds(250_000))
        inode = self.inode(of: flow, remote) ?? 0
      }
      if inode > 0 { return [inode] }
      // Or else it is of whoever listens for it.
      let nobody = Endpoint(flow.source.family == .v4 ? .v4(.any) : .v6(.any))
      let listener = self.inode(of: flow, nobody) ?? 0
      return listener > 0 ? [listener] : []
    case 1, 58:
      let table = flow.protocolNumber == 1 ? "icmp" : "icmp6"
      let found = SocketDiagnosis.inodes(inTable: table, port: flow.sourcePort)
      return found.isEmpty ? nil : found
    default: return nil
    }
  }

  private mutating func inode(of flow: PacketFlow, _ remote: Endpoint) -> UInt32? {
    try? diagnosis?.inode(
      of: flow.protocolNumber, local: Endpoint(flow.source, port: flow.sourcePort), remote: remote)
  }

  /// Who has a raw socket through which the flow's packets may have been sent: of its protocol, or one
  /// that writes the IP header itself (IPPROTO_RAW). Of several processes that are pinging it is the one
  /// whose number is the identifier, as many write it; else one of the command's.
  private mutating func rawProcess(of flow: PacketFlow) -> Int? {
    let table = flow.source.family == .v4 ? "raw" : "raw6"
    let inodes = [UInt16(flow.protocolNumber), 255].flatMap {
      SocketDiagnosis.inodes(inTable: table, port: $0)
    }
    guard !inodes.isEmpty else { return nil }
    let new = inodes.filter { owners[$0] == nil && !soughtInVain.contains($0) }
    if !new.isEmpty {
      if hasCommand { growTree() }
      look(for: new, among: ProcessTable.numbers())
      soughtInVain.formUnion(new.filter { owners[$0] == nil })
    }
    let numbered = inodes.compactMap { owners[$0] }.first {
      UInt16(truncatingIfNeeded: $0) == flow.sourcePort
    }
    return numbered ?? known(inodes)
  }

  /// Adds what descends from the command by now. Our parent captures; the command is another child of
  /// it. Returns what lives.
  @discardableResult
  private mutating func growTree() -> [Int] {
    let parent = ProcessTable.ownParent
    let now = ProcessTable.tree(of: parent).subtracting([parent, ProcessTable.ownNumber])
    tree.formUnion(now)
    return now.sorted()
  }

  /// Who has one of these sockets, which are those at the sender's end of a flow; the command before
  /// others.
  private mutating func end(of flow: PacketFlow, _ inodes: [UInt32]?) -> End {
    guard let inodes else { return End(process: nil, socket: .missing) }
    guard !inodes.isEmpty else { return End(process: nil, socket: .unheld) }
    if let known = known(inodes) { return found(known) }
    if inodes.allSatisfy({ soughtInVain.contains($0) }) { return End(process: nil, socket: .held) }
    forgetSome()
    if let lastFound, let process = look(for: inodes, among: [lastFound]) { return found(process) }
    if hasCommand, let process = look(for: inodes, among: growTree()) { return found(process) }
    // What is still there behind that is another's, as a rule; or else it was closed meanwhile. To look
    // again first would give it the time for that.
    let isThere = !Set(sockets(of: flow) ?? []).isDisjoint(with: inodes)
    // The kernel leaves some out of a list of children when another one ends while it is read
    // (proc_pid_task(5)).
    if hasCommand, let process = look(for: inodes, among: growTree()) { return found(process) }
    if looksAtAll, let process = look(for: inodes, among: ProcessTable.numbers()) {
      return found(process)
    }
    if isThere { soughtInVain.formUnion(inodes) }
    return End(process: nil, socket: isThere ? .held : .unheld)
  }

  private mutating func found(_ process: Int) -> End {
    lastFound = process
    return End(process: process, socket: .held)
  }

  /// Notes who of some processes has which sockets, the command before others; who has one of these.
  @discardableResult
  private mutating func look(for inodes: [UInt32], among processes: [Int]) -> Int? {
    owners.merge(ProcessTable.owners(ofSocketsIn: processes)) { old, new in
      tree.contains(new) ? new : old
    }
    return known(inodes)
  }

  private mutating func forgetSome() {
    if owners.count > Self.limit { owners = [:] }
    if soughtInVain.count > Self.limit { soughtInVain = [] }
  }

  private func known(_ inodes: [UInt32]) -> Int? {
    let processes = inodes.compactMap { owners[$0] }
    return processes.first { tree.contains($0) } ?? processes.first
  }
}
