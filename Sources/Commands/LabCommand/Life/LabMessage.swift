import PacketWire
import SimulatedInternet

/// What is said between a lab that stays and those who want something of it: fields with NULs between
/// them, which no path and no name can hold.
enum LabMessage {
  /// What can be asked of a lab.
  enum Request: Hashable, Sendable {
    /// Answered by a `LabStatus`.
    case status
    /// Answered by the kinds of namespaces, with a descriptor for each (`LabDoors`).
    case join(LabEnd)
    /// The connection ends when the lab has ended.
    case down

    init?(_ octets: [UInt8]) {
      let fields = LabMessage.fields(octets)
      switch (fields.first, fields.count) {
      case ("status", 1): self = .status
      case ("down", 1): self = .down
      case ("join", 2):
        guard let end = LabEnd(rawValue: fields[1]) else { return nil }
        self = .join(end)
      default: return nil
      }
    }

    var octets: [UInt8] {
      switch self {
      case .status: LabMessage.octets(["status"])
      case .join(let end): LabMessage.octets(["join", end.rawValue])
      case .down: LabMessage.octets(["down"])
      }
    }
  }

  /// Fields to octets.
  static func octets(_ fields: [String]) -> [UInt8] { Array(fields.joined(separator: "\0").utf8) }

  /// Octets to fields.
  static func fields(_ octets: [UInt8]) -> [String] {
    octets.split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }
}

/// What a lab says about itself.
struct LabStatus: Hashable, Sendable {
  /// A lab file's path, or "default".
  var topology: String
  /// When it was up.
  var since: WallInstant
  /// How many processes are in it; nil where that cannot be known.
  var processes: Int?
  /// What has become of its packets.
  var packets = Packets()

  /// How many packets did what, so far.
  struct Packets: Hashable, Sendable {
    /// Sent by the hosts at both ends.
    var sent = 0
    /// Handed to the hosts at both ends; routers' errors and replies are among them.
    var delivered = 0
    /// Passed on by a router, once for each router.
    var forwarded = 0
    /// Lost on a link, as the topology asks.
    var lost = 0
    /// Dropped because a link's queue was full, or too much was under way.
    var dropped = 0

    /// Nothing yet.
    init() {}

    init(_ counters: SimulatedInternet.Counters) {
      (sent, delivered, forwarded) = (counters.entered, counters.delivered, counters.forwarded)
      (lost, dropped) = (counters.lost, counters.dropped + counters.overflowed)
    }
  }

  /// What `init(_:)` reads.
  var octets: [UInt8] {
    LabMessage.octets([
      topology, "\(since.nanoseconds)", processes.map { "\($0)" } ?? "", "\(packets.sent)",
      "\(packets.delivered)", "\(packets.forwarded)", "\(packets.lost)", "\(packets.dropped)",
    ])
  }

  /// Nil for what is no status.
  init?(_ octets: [UInt8]) {
    let fields = LabMessage.fields(octets)
    guard fields.count == 8, let since = Int64(fields[1]) else { return nil }
    let numbers = fields[3...].compactMap { Int($0) }
    guard numbers.count == 5 else { return nil }
    self.init(
      topology: fields[0], since: WallInstant(nanoseconds: since), processes: Int(fields[2]))
    (packets.sent, packets.delivered, packets.forwarded) = (numbers[0], numbers[1], numbers[2])
    (packets.lost, packets.dropped) = (numbers[3], numbers[4])
  }

  /// A status from its parts.
  init(topology: String, since: WallInstant, processes: Int?, packets: Packets = Packets()) {
    (self.topology, self.since, self.processes) = (topology, since, processes)
    self.packets = packets
  }
}
