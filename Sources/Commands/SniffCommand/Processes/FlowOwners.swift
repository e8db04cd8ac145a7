import LinuxNet
import LinuxSystem
import LiveCapture
import PacketWire

/// Says whose packets are: asks a helper at the first packet of a flow, and remembers.
final class FlowOwners {
  /// What is done with the answers.
  struct Plan: Hashable {
    /// There is a command, and only what is the command's passes.
    var limitsToCommand: Bool
    /// Packets say whose they are.
    var showsProcesses: Bool
  }

  /// What is said about a packet.
  struct Verdict {
    var isWanted: Bool
    /// Who sent it, or if that is not known who gets it.
    var process: PacketProcess?
  }

  private struct Known {
    var owner: FlowOwner
    var attempts: Int
    /// Taken for the command's without a socket to show for it.
    var isPresumed = false
    /// It was there before the command was.
    var isOlder = false
  }

  /// Flows beyond this are forgotten, all at once, and asked for again.
  private static let limit = 65_536
  /// A flow whose socket is not found is asked for so many times.
  private static let attempts = 3

  private let plan: Plan
  private let ask: (PacketFlow) throws -> FlowOwner
  /// This host's own addresses.
  private let addresses: Set<IPAddress>
  private var flows: [PacketFlow: Known] = [:]
  private var pieces: Set<PieceOfPacket> = []
  /// When the command was let go; what begins earlier is not its.
  var start: WallInstant?
  /// Packets that passed although their socket was gone when it was asked for.
  private(set) var goneCount = 0

  /// Starts the helper. Packets are only the command's if there is one.
  convenience init(_ plan: Plan, hasCommand: Bool) throws(SystemError) {
    var search = FlowOwnerSearch(hasCommand: hasCommand, looksAtAll: plan.showsProcesses)
    let helper = HelperBox(
      try HelperProcess(named: "sniff-processes", isUrgent: true) { question in
        guard let flow = PacketFlow(question) else { return HelperProcess.Answer([0]) }
        return HelperProcess.Answer(search.owner(of: flow).octets)
      })
    let addresses = (try? NetworkInterface.all())?.flatMap { $0.addresses.map(\.address) } ?? []
    self.init(plan, addresses: Set(addresses)) { flow in
      let octets = try helper.helper.ask(flow.octets).octets
      return FlowOwner(octets) ?? .lost
    }
  }

  /// Owners that `ask` knows.
  init(_ plan: Plan, addresses: Set<IPAddress>, ask: @escaping (PacketFlow) throws -> FlowOwner) {
    (self.plan, self.ask, self.addresses) = (plan, ask, addresses)
  }

  /// Asks whose a packet is, if that is not known, while there is a socket to be found.
  func notice(_ octets: Span<UInt8>, linkType: LinkType, _ header: CapturedHeader) {
    let frame = Frame(
      decoding: octets, linkType: linkType, originalLength: header.originalLength)
    if frame.isNeighbourTalk || PieceOfPacket(frame)?.isFirst == false { return }
    if let flow = PacketFlow(frame, octets) { _ = owner(of: flow, at: header.time) }
  }

  /// Whose a packet is, and whether it is wanted.
  func judge(_ octets: Span<UInt8>, linkType: LinkType, _ header: CapturedHeader) -> Verdict {
    let frame = Frame(
      decoding: octets, linkType: linkType, originalLength: header.originalLength)
    // The kernel finds neighbours in the name of whoever sends: nobody's socket is behind it.
    if frame.isNeighbourTalk { return Verdict(isWanted: true, process: nil) }
    let piece = PieceOfPacket(frame)
    if let piece, !piece.isFirst {
      return Verdict(
        isWanted: !plan.limitsToCommand || pieces.contains(piece.whole), process: nil)
    }
    guard let flow = PacketFlow(frame, octets) else {
      return Verdict(isWanted: !plan.limitsToCommand, process: nil)
    }
    let owner = owner(of: flow, at: header.time)
    let isPresumed = isPresumed(flow, owner, frame)
    if isPresumed { goneCount += 1 }
    let isWanted = owner.isCommands || isPresumed || !plan.limitsToCommand
    if isWanted, let piece {
      if pieces.count > Self.limit { pieces = [] }
      pieces.insert(piece.whole)
    }
    return Verdict(isWanted: isWanted, process: owner.sender ?? owner.receiver)
  }

  /// Whether it is taken for the command's although its socket is gone already, or has been left to the
  /// kernel (TIME-WAIT): a refused connection, say. The command's is likelier than anybody else's, and it
  /// is said at the end.
  private func isPresumed(_ flow: PacketFlow, _ owner: FlowOwner, _ frame: Frame) -> Bool {
    guard plan.limitsToCommand, let known = flows[flow.conversation] else { return false }
    if known.isPresumed { return true }
    guard !owner.isCommands, owner.hasLostSender, !known.isOlder, isStart(frame),
      addresses.contains(flow.source)
    else { return false }
    flows[flow.conversation]?.isPresumed = true
    return true
  }

  /// A packet that nobody sends but a process: the first of a connection, a datagram, or a question
  /// for an echo.
  private func isStart(_ frame: Frame) -> Bool {
    switch frame.transport {
    case .tcp(let header): header.flags.contains(.syn) && !header.flags.contains(.ack)
    case .udp: true
    case .icmpv4(let header): header.type.rawValue == 8
    case .icmpv6(let header): header.type.rawValue == 128
    default: false
    }
  }

  private func owner(of flow: PacketFlow, at time: WallInstant) -> FlowOwner {
    let key = flow.conversation
    let isSame = key == flow
    if let known = flows[key],
      known.owner.isCommands || known.isPresumed || known.attempts >= Self.attempts
        || !known.owner.isUnsettled
    {
      return isSame ? known.owner : known.owner.reversed
    }
    var known = flows[key] ?? Known(owner: .lost, attempts: 0)
    known.attempts += 1
    known.isOlder = known.isOlder || start.map { time < $0 } ?? false
    let owner = (try? ask(flow)) ?? .lost
    if flows.count >= Self.limit { flows = [:] }
    known.owner = isSame ? owner : owner.reversed
    flows[key] = known
    return owner
  }
}

/// A noncopyable value where a closure can hold it.
private final class HelperBox {
  let helper: HelperProcess
  init(_ helper: consuming HelperProcess) { self.helper = helper }
}
