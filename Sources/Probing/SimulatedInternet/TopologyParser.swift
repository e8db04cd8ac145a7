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
private struct TopologyParser {
  private let source: String
  private var seed: UInt64?
  private var client: Topology.Node?
  private var routers: [Topology.Router] = []
  private var site: Topology.Site?
  private var resolver: Topology.Node?
  private var records: [DNSRecord] = []
  private var names: Set<String> = []
  private var addresses: Set<IPAddress> = []

  init(source: String) { self.source = source }

  private enum Kind: String { case seed, client, router, path, site, resolver, record }

  mutating func read(_ line: inout WordLine) throws(LineError) {
    let kind = try line.take("seed, client, router, path, site, resolver or record") {
      Kind(rawValue: $0)
    }
    switch kind {
    case .seed:
      try requireFirst(seed == nil, line)
      seed = try line.take("a seed such as 42", LineValue.wholeNumber)
      try line.requireEnd()
    case .client:
      try requireFirst(client == nil, line)
      client = try node(&line)
      try line.requireEnd()
    case .router: try readRouter(&line)
    case .path: try readPath(&line)
    case .site:
      try requireFirst(site == nil, line)
      site = Topology.Site(try node(&line), link: try line.takeLink())
    case .resolver:
      try requireFirst(resolver == nil, line)
      resolver = try node(&line)
      try line.requireEnd()
    case .record:
      records.append(try line.takeRecord(timeToLive: Topology.recordTimeToLive))
      try line.requireEnd()
    }
  }

  func finish(lineCount: Int) throws(LineError) -> Topology {
    guard let client else { throw missing("client", lineCount) }
    guard let site else { throw missing("site", lineCount) }
    return Topology(
      seed: seed ?? 1, client: client, routers: routers, site: site,
      resolver: resolver, records: records)
  }

  private func missing(_ kind: String, _ lineCount: Int) -> LineError {
    LineError(
      source: source, line: lineCount, column: 1, expected: "a line that begins with \(kind)",
      found: "the end of the file")
  }

  private func requireFirst(_ isFirst: Bool, _ line: WordLine) throws(LineError) {
    if !isFirst { throw line.error("only one such line", back: 1) }
  }

  private mutating func readRouter(_ line: inout WordLine) throws(LineError) {
    guard routers.count < Topology.maximumHops else {
      throw line.error("at most \(Topology.maximumHops) routers", back: 1)
    }
    let node = try node(&line)
    let far = line.skip("far") ? try nodeAddresses(&line) : nil
    let traits = try line.takeTraits()
    routers.append(
      .init(
        node, farAddresses: far, link: traits.link, manners: traits.manners, edits: traits.edits))
  }

  private mutating func readPath(_ line: inout WordLine) throws(LineError) {
    let room = Topology.maximumHops - routers.count
    let expected = "a number of routers from 1 to \(room)"
    let count = try line.take(expected) {
      LineValue.wholeNumber($0).flatMap { Int(exactly: $0) }
        .flatMap { $0 >= 1 && $0 <= room ? $0 : nil }
    }
    let place = line
    let traits = try line.takeTraits()
    for _ in 0..<count {
      let router = Topology.Router(
        anonymousAt: routers.count + 1, behind: traits.link, manners: traits.manners,
        edits: traits.edits)
      for address in router.node.addresses.all where !addresses.insert(address).inserted {
        throw place.error("routers other than \(address), which an earlier line has", back: 1)
      }
      routers.append(router)
    }
  }

  private mutating func node(_ line: inout WordLine) throws(LineError) -> Topology.Node {
    let name = try line.takeName()
    guard names.insert(name.description.lowercased()).inserted else {
      throw line.error("a name that no earlier line has", back: 1)
    }
    return Topology.Node(name, try nodeAddresses(&line))
  }

  private mutating func nodeAddresses(
    _ line: inout WordLine
  ) throws(LineError) -> NodeAddresses {
    var found = NodeAddresses(nil, nil)
    repeat {
      let address = try line.take("an IPv4 or IPv6 address") { IPAddress($0) }
      guard address.isRoutable else { throw line.error("a unicast address", back: 1) }
      guard found[address.family] == nil else {
        throw line.error("at most one address of each family", back: 1)
      }
      guard addresses.insert(address).inserted else {
        throw line.error("an address that no earlier line has", back: 1)
      }
      switch address {
      case .v4(let address): found.ipv4 = address
      case .v6(let address): found.ipv6 = address
      }
    } while line.nextWord.map { IPAddress($0.text) != nil } ?? false
    return found
  }
}
