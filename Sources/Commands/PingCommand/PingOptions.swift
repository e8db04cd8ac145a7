import LinuxNet
import PacketWire
import ProbeShell

/// What the command line of `ping-swift` asks for.
struct PingOptions: Hashable, Sendable {
  /// The user may do what puts load on the network; known when the options are checked.
  var isPrivileged = false

  // Targets
  /// The only family to use; `nil` takes what the name has, in the resolver's order.
  var family: IPFamily?
  /// Files with a target a line; `-` is standard input.
  var targetFiles: [String] = []
  /// Every address of a name is a target, and not the first only.
  var takesAllAddresses = false
  /// A broadcast address may be pinged.
  var allowsBroadcast = false
  /// One answer from each target is all that is wanted.
  var asks = false
  /// How often a target is asked again, when one answer is wanted.
  var retries = 3
  /// By how much longer each attempt may take.
  var backoff = 1.5
  /// List targets that answered.
  var listsAlive = true
  /// List targets that did not.
  var listsUnreachable = true
  /// So many of several targets have to answer; `nil`: all.
  var needed: Int?

  // Timing
  /// Stop after this many probes to each target.
  var count: Int?
  /// Between probes to a target; `nil` is the mode's own.
  var givenInterval: Nanoseconds?
  /// Between probes to different targets; `nil` is 1 ms.
  var givenGap: Nanoseconds?
  /// Send as fast as answers come.
  var isFlood = false
  /// Send when an answer is in.
  var isAdaptive = false
  /// How many probes go out at once, without waiting.
  var preload = 1
  /// Stop after this long, whatever has come.
  var deadline: Nanoseconds?
  /// How long to wait for an answer; `nil` is the mode's own.
  var givenTimeout: Nanoseconds?

  // Probe
  /// What is asked instead of an echo.
  var question = QuestionOptions()
  /// What compares sizes and ways.
  var paths = PathOptions()
  /// ICMP payload, in octets.
  var payloadLength = Self.usualPayloadLength
  /// What fills it; empty counts the octets.
  var pattern: [UInt8] = []
  /// The identifier in each probe; `nil` chooses one.
  var identifier: UInt16?
  /// TTL or hop limit of the probes; `nil` is the system's default.
  var timeToLive: UInt8?
  /// Type of service or traffic class of the probes.
  var typeOfService: UInt8?
  /// The flow label of IPv6 probes; 0 lets the kernel choose one.
  var flowLabel: UInt32?
  /// Whether probes may be fragmented.
  var pathMTU: MessageSocket.PathMTUDiscovery?
  /// Build the IP header too.
  var includesHeader = false

  // Socket
  /// Interfaces and addresses of this host to send from.
  var origins: [String] = []
  /// Stay with the address that the routes chose at the start.
  var keepsSource = false
  /// Connect the socket to the target.
  var connects = false
  /// Send to hosts on the link only, whatever the routes say.
  var bypassesRoutes = false
  /// Groups that this host is a member of do not get our own probes.
  var suppressesLoopback = false
  /// The mark that firewall and routing rules may ask for.
  var mark: UInt32?
  /// The socket's room for what is to be sent, in octets.
  var sendBuffer: Int?
  /// Switch on the socket's debugging (SO_DEBUG).
  var debugsSocket = false

  // Output
  /// Addresses stay addresses.
  var isNumeric = false
  /// Addresses get names even if the target was given as an address.
  var forcesNames = false
  /// Only the first line and the summary.
  var isQuiet = false
  /// More in each line.
  var isVerbose = false
  /// Ring the bell on each answer.
  var isAudible = false
  /// Delays always with three decimals.
  var isPrecise = false
  /// The time that the program sees, and not the kernel's stamps.
  var measuresProgram = false
  /// Say which part of a delay is this host's, and which the network's.
  var splitsDelays = false
  /// Delays are those between stamps of the network card.
  var usesHardwareStamps = false
  /// A time of day before each line.
  var printsTime = false
  /// Say which probes had no answer when the next one was due.
  var reportsOutstanding = false
  /// Events instead of text.
  var printsJSON = false

  // Figures
  /// What is told beside iputils' figures.
  var figures = FigureOptions()

  /// When a target stops answering, find out where.
  var diagnoses = false

  /// Single fields of the probes' headers.
  var header = HeaderOptions()
  /// What is made of the packets themselves.
  var evidence = EvidenceOptions()

  /// Octets behind the ICMP header, if nothing is said.
  static let usualPayloadLength = 56

  /// Defaults.
  init() {}
}

extension PingOptions {
  /// Between probes to a target.
  var interval: Nanoseconds { givenInterval ?? (isFlood ? .zero : .seconds(1)) }

  /// Probes follow each other faster than lines are worth writing one by one.
  var isFast: Bool { interval < .milliseconds(1) || asks }

  /// A dot for each probe, taken back by its answer.
  var printsDots: Bool { isFlood && !isQuiet && !printsJSON && !figures.needsReplies }
}
