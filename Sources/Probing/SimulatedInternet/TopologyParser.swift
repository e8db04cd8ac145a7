public import LineFormat
import PacketWire

extension Topology {
  /// Reads the text of a lab file (docs/lab-topology.md); `source` is what errors call it.
  public init(parsing text: String, named source: String = "topology") throws(LineError) {
    var parser = TopologyParser(source: source)
    let lineCount = try WordLine.readAll(
      of: text, named: source, keywords: WordLine.optionNames
    ) { line throws(LineError) in try parser.read(&line) }
    self = try parser.finish(lineCount: lineCount)
  }
}

/// What has been read of a lab file so far.
struct TopologyParser {
  private let source: String
  private var seed: UInt64?
  private var client: Topology.Node?
  private var resolver: Topology.Node?
  private var records: [DNSRecord] = []
  private var systems: [Topology.AutonomousSystem] = []
  private var names: Set<String> = []
  private var addresses: Set<IPAddress> = []
  var sites: [Topology.Site] = []
  /// Routers, and who is behind whom.
  var graph = TopologyGraph()

  init(source: String) { self.source = source }

  private enum Kind: String { case seed, client, router, path, row, site, resolver, record, system }

  mutating func read(_ line: inout WordLine) throws(LineError) {
    let kind = try line.take("seed, client, router, path, row, site, resolver, record or system") {
      Kind(rawValue: $0)
    }
    switch kind {
    case .seed:
      try requireFirst(seed == nil, line)
      seed = try line.take("a seed such as 42", LineValue.wholeNumber)
      try line.requireEnd()
    case .client:
      try requireFirst(client == nil, line)
      client = try takeNode(&line)
      try line.requireEnd()
    case .router: try readRouter(&line)
    case .path: try readPath(&line)
    case .row: try readRow(&line)
    case .site: try readSite(&line)
    case .resolver:
      try requireFirst(resolver == nil, line)
      resolver = try takeNode(&line)
      try line.requireEnd()
    case .record:
      records.append(try line.takeRecord(timeToLive: Topology.recordTimeToLive))
      try line.requireEnd()
    case .system: try readSystem(&line)
    }
  }

  func finish(lineCount: Int) throws(LineError) -> Topology {
    guard let client else { throw missing("client", lineCount) }
    guard var site = sites.first else { throw missing("site", lineCount) }
    // Sites may stand anywhere in the file, and are behind all of it if they do not say otherwise.
    site.predecessors = site.predecessors ?? graph.last
    let others = sites.dropFirst().map { other in
      var other = other
      other.predecessors = other.predecessors ?? graph.last
      return other
    }
    var topology = Topology(
      seed: seed ?? 1, client: client, routers: graph.routers, site: site, otherSites: others,
      resolver: resolver, records: records)
    topology.systems = systems
    return topology
  }

  private mutating func readSystem(_ line: inout WordLine) throws(LineError) {
    let system = try line.takeSystem()
    guard systems.count < Topology.maximumSystems else {
      throw line.error("at most \(Topology.maximumSystems) such lines", back: 1)
    }
    guard !systems.contains(where: { $0.number == system.number }) else {
      throw line.error("one line for each system", back: 1)
    }
    systems.append(system)
  }

  private func missing(_ kind: String, _ lineCount: Int) -> LineError {
    LineError(
      source: source, line: lineCount, column: 1, expected: "a line that begins with \(kind)",
      found: "the end of the file")
  }

  private func requireFirst(_ isFirst: Bool, _ line: WordLine) throws(LineError) {
    if !isFirst { throw line.error("only one such line", back: 1) }
  }

  /// Reads a name that nothing else has.
  mutating func takeNewName(_ line: inout WordLine) throws(LineError) -> DNSName {
    let name = try line.takeName()
    guard names.insert(name.description.lowercased()).inserted else {
      throw line.error("a name that no earlier line has", back: 1)
    }
    return name
  }

  /// Reads a name and addresses that nothing else has.
  mutating func takeNode(_ line: inout WordLine) throws(LineError) -> Topology.Node {
    let name = try takeNewName(&line)
    return Topology.Node(name, try takeNewAddresses(&line))
  }

  /// Reads addresses that nothing else has.
  mutating func takeNewAddresses(_ line: inout WordLine) throws(LineError) -> NodeAddresses {
    try line.takeAddresses { line, address throws(LineError) in
      guard addresses.insert(address).inserted else {
        throw line.error("an address that no earlier line has", back: 1)
      }
    }
  }

  /// Nothing else has any of these addresses; from now on these have.
  mutating func claim(_ new: [IPAddress]) -> Bool {
    guard addresses.isDisjoint(with: new) else { return false }
    addresses.formUnion(new)
    return true
  }
}

extension WordLine {
  /// Reads one or two addresses; `check` throws at one that may not stand there.
  mutating func takeAddresses(
    _ check: (WordLine, IPAddress) throws(LineError) -> Void
  ) throws(LineError) -> NodeAddresses {
    var found = NodeAddresses(nil, nil)
    repeat {
      let address = try take("an IPv4 or IPv6 address") { IPAddress($0) }
      guard address.isRoutable else { throw error("a unicast address", back: 1) }
      guard found[address.family] == nil else {
        throw error("at most one address of each family", back: 1)
      }
      try check(self, address)
      switch address {
      case .v4(let address): found.ipv4 = address
      case .v6(let address): found.ipv6 = address
      }
    } while nextWord.map { IPAddress($0.text) != nil } ?? false
    return found
  }
}
