import CommandLineKit
import LinuxNet
import PacketWire
import ProbeEngine
import ProbeShell

/// What the command line of `traceroute-swift` asks for.
struct TracerouteOptions: Hashable, Sendable {
  /// The only family to use; `nil` prefers IPv4, as Linux traceroute does.
  var family: IPFamily?
  /// What probes are made of.
  var kind = ProbeKind.udp
  /// The destination port, if one was given.
  var port: UInt16?
  /// The source port, if one was given.
  var sourcePort: UInt16?
  /// What `-O` said, word by word.
  var kindOptions: [String] = []
  /// Each datagram to the next port, as traceroute has always done, so that each is a flow of its own.
  var risesPort = false
  /// The TTL to start with.
  var firstTTL = 1
  /// The TTL to stop at.
  var maximumTTL = 30
  /// Probes a hop.
  var queries = 3
  /// How many probes may be on the way, if that was said.
  var window: Int?
  /// The least time between two probes: so much that they do not queue up behind each other on a link of a
  /// megabit a second.
  var gap = Nanoseconds(500_000)
  /// How long to wait.
  var wait = TraceWait()
  /// What the IP header says.
  var headers = TraceProbe.Headers()
  /// Where probes are sent from.
  var origin = Origin()
  /// A path that is watched.
  var monitor = MonitorOptions()
  /// The path MTU, hop by hop.
  var pathMTU = PathMTUOptions()
  /// How many errors routers send.
  var rateLimit = RateLimitOptions()
  /// Build the IP header too, or fail.
  var needsRaw = false
  /// All ways instead of one.
  var multipath = MultipathOptions()
  /// Who runs the routers.
  var origins = OriginOptions()
  /// Packets as they are.
  var evidence = EvidenceOptions()
  /// Many targets instead of one.
  var many = ManyOptions()
  /// What is printed.
  var output = Output()

  /// Where probes are sent from, and past what.
  struct Origin: Hashable, Sendable {
    /// The address.
    var source: IPAddress?
    /// The interface.
    var interface: String?
    /// A mark for routing rules and firewalls.
    var mark: UInt32?
    /// To hosts on the link only.
    var bypassesRoutes = false
    /// SO_DEBUG.
    var debugs = false

    /// As `ProbeOrigin` wants to hear it.
    var choices: [ProbeOrigin.Choice] {
      [interface.map { .interface($0) }, source.map { .address($0) }].compactMap { $0 }
    }
  }

  /// What is printed of a trace.
  struct Output: Hashable, Sendable {
    /// Addresses stay addresses.
    var isNumeric = false
    /// Events instead of text.
    var printsJSON = false
    /// Labels and interfaces that routers tell in their errors (`-e`).
    var showsExtensions = false
    /// How many hops answers came, where that is not how many probes went (`--back`).
    var showsHopsBack = false
    /// What each hop quotes of the probes, below the trace (`--changes`).
    var showsChanges = false
    /// What is unusual about the trace, in sentences below it.
    var saysNotes = false
    /// Flags and options of the target's TCP answer (`-O info`).
    var showsReplies = false
  }

  /// Defaults.
  init() {}
}

/// What probes can be made of.
enum ProbeKind: String, Hashable, Sendable, CaseIterable {
  case udp, icmp, tcp, dns, quic, udplite, dccp, sctp, raw

  /// Where the first flow's probes go, if nothing else is said. UDP's is the port that traceroute has always
  /// begun with.
  var usualPort: UInt16 {
    switch self {
    case .udp, .dccp: 33_434
    case .udplite, .dns: 53
    case .tcp, .sctp: 80
    case .quic: 443
    case .icmp, .raw: 0
    }
  }

  /// Headers and payload say how long a probe is, and no number on the command line.
  var hasOwnLength: Bool { [.tcp, .dns, .dccp, .sctp].contains(self) }

  /// Whether an ordinary user's sockets can do it.
  var worksWithoutRaw: Bool { self == .udp || self == .icmp }
}
