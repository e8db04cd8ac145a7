import PacketWire

/// A router at one hop, as a discovery gets to know it.
struct MultipathVertex: Sendable {
  /// A router that answers behind this one.
  struct Link: Sendable {
    var vertex: Int
    /// So many flows went this way.
    var flows: Int
  }

  /// The TTL at which it answers; the one before the first for this host.
  let timeToLive: Int
  /// Nil for what forwards in silence.
  let address: IPAddress?

  /// The flows that pass it, in the order in which that was found.
  var flows: [Int] = []
  /// Flows that got an answer from it, those that end here included.
  var flowCount = 0
  /// Flows that end here: the target answered, or somebody refused them.
  var finalCount = 0
  var roundTrips = RTTStatistics()
  /// Probes of its flows, and its answers to them.
  var probes = 0
  var answers = 0

  /// Which way flows go from here.
  var successors: [Link] = []
  var predecessors: [Int] = []
  /// Flows that pass it and have a probe on the way to the next hop, or an answer from there.
  var onward = 0
  /// Flows that pass it and have an answer from the next hop.
  var joined = 0
  /// Those that wait for a router to answer again.
  var parked = 0
  /// Flows that passed it and got no answer from the next hop.
  var unanswered = 0
  /// Too few flows pass it for what the rule asks.
  var isStarved = false
  /// The flows before this place are all sent on.
  var cursor = 0

  var balancing = MultipathBalancing.untested
  /// Repetitions on the way that tell what kind of balancer it is.
  var repetitions = 0
  /// In a replay: those of them that have not been told as sent.
  var announced = 0

  init(timeToLive: Int, address: IPAddress?) {
    (self.timeToLive, self.address) = (timeToLive, address)
  }

  /// No flow goes on from here.
  var isEnd: Bool { finalCount > 0 && flows.isEmpty }

  /// Counts a flow that went on to `vertex`; whether that way is new.
  mutating func join(_ vertex: Int) -> Bool {
    joined += 1
    if let place = successors.firstIndex(where: { $0.vertex == vertex }) {
      successors[place].flows += 1
      return false
    }
    successors.append(Link(vertex: vertex, flows: 1))
    return true
  }
}

/// How a router that has several ways chooses among them.
public enum MultipathBalancing: String, Hashable, Sendable, CaseIterable {
  /// Nobody asked: it has one way, or nothing hinted at anything but flows.
  case untested
  /// A flow that was sent several times went the same way each time.
  case flow
  /// Packets of one flow go different ways.
  case packet
}

/// What is known of a flow at a hop.
struct MultipathSlot: Sendable {
  enum State: Hashable, Sendable {
    /// It was not sent there.
    case none
    /// A probe is on the way.
    case waiting
    /// It is to be sent again, but not yet: the router answers so many a second only.
    case parked
    /// This vertex answered, and forwards it as far as is known.
    case passes(Int)
    /// This vertex answered, and it ends there.
    case ends(Int)
    /// No answer, and none is waited for any more.
    case unknown
  }

  var state = State.none
  /// So many probes were sent.
  var attempts: UInt8 = 0
  /// The vertex at the hop before that it is counted for; -1 for none.
  var origin: Int32 = -1

  /// Who answered.
  var vertex: Int? {
    switch state {
    case .passes(let vertex), .ends(let vertex): vertex
    default: nil
    }
  }
}

/// A hop, as a discovery gets to know it.
struct MultipathHop: Sendable {
  /// Its vertices, by their places in the table of all.
  var vertices: [Int] = []
  /// What is known of each flow here.
  private var slots: [MultipathSlot] = []
  /// How many vertices have an address.
  var answering = 0
  /// The one that stands for silence.
  var silent: Int?
  /// Probes on the way.
  var waiting = 0
  /// Flows with an answer, and those with the flows that wait for one.
  var flows = 0
  var active = 0
  /// The flows before this one are all sent on, or pass elsewhere.
  var cursor = 0
  /// Probes sent, and answers.
  var sent = 0
  var answers = 0
  /// Flows that got no answer however often, although others did.
  var silentFlows: [Int] = []
  /// Answers to what was sent again at once, and after a pause.
  var secondAnswers = 0
  var lateAnswers = 0
  /// Until then no further flows are sent here, so that those that wait for a limit get what it lets through.
  var quietUntil = MonotonicInstant(nanoseconds: 0)
  /// The most answers that one vertex gave.
  var mostAnswers = 0
  /// The slowest answer.
  var slowest = Nanoseconds.zero
  /// All vertices of it are known, as far as the confidence goes.
  var isSettled = false
  /// Behind a router that balances packets: which vertex a flow passes here is chance.
  var isSprayed = false
  /// No further vertices are told apart.
  var isFull = false

  subscript(flow: Int) -> MultipathSlot {
    get { flow < slots.count ? slots[flow] : MultipathSlot() }
    set {
      while slots.count <= flow { slots.append(MultipathSlot()) }
      slots[flow] = newValue
    }
  }

  /// Its only vertex, when it is certain enough that all flows pass it.
  var sole: Int? { isSettled && vertices.count == 1 ? vertices[0] : nil }

  /// Probes get lost here that somebody who answered that often may not have wished to answer: most
  /// kernels answer six times at once and then once a second (Linux: icmp(7), `icmp_ratelimit`).
  var looksLimited: Bool { mostAnswers >= 5 }

  /// Somebody there has answered as often as a limit lets him and hardly more often, or left something out that
  /// he answered later, and nobody has answered after a pause: whether others are silent or had to wait is open.
  var isUndecided: Bool {
    looksLimited && lateAnswers == 0 && (mostAnswers < 12 || secondAnswers > 0)
  }
}
