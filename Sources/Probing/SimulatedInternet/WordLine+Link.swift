import LineFormat
import PacketWire

extension WordLine {
  /// Names what may follow a node's addresses.
  static let optionNames = Set(
    LinkWord.allCases.map(\.rawValue) + MannersWord.allCases.map(\.rawValue)
      + EditWord.allCases.map(\.rawValue) + FirewallWord.allCases.map(\.rawValue)
      + ["far", "as", "behind", "only", "nat"])

  /// What may be said of a link.
  enum LinkWord: String, CaseIterable {
    case delay, jitter, reorder, late, loss, burst, duplicate, corrupt, mtu, rate, queue
  }

  /// What may stand at the end of a line: of a link alone, or of a router and the link to it.
  struct Traits {
    var link = Topology.Link()
    var manners = RouterManners()
    var edits = PacketEdits()
    var firewall = Firewall()
    var translates = false
    var direction: Topology.Direction?

    /// The router that they are said of.
    func router(
      _ node: Topology.Node, farAddresses: NodeAddresses? = nil, behind predecessors: [Int]?
    ) -> Topology.Router {
      var router = Topology.Router(
        node, farAddresses: farAddresses, behind: predecessors, link: link, manners: manners,
        edits: edits)
      (router.firewall, router.translates, router.direction) = (firewall, translates, direction)
      return router
    }
  }

  /// Reads what a link is like, to the end of the line.
  mutating func takeLink() throws(LineError) -> Topology.Link {
    try takeTraits(LinkWord.allCases.map(\.rawValue)).link
  }

  /// Reads what a router and the link that leads to it are like, to the end of the line.
  mutating func takeTraits() throws(LineError) -> Traits {
    try takeTraits(
      LinkWord.allCases.map(\.rawValue) + MannersWord.allCases.map(\.rawValue)
        + EditWord.allCases.map(\.rawValue) + FirewallWord.allCases.map(\.rawValue)
        + ["only", "nat"])
  }

  /// Reads words, each at most once.
  private mutating func takeTraits(_ words: [String]) throws(LineError) -> Traits {
    var traits = Traits()
    var left = Set(words)
    while let word = nextWord {
      guard left.remove(word.text) != nil, skip(word.text) else {
        throw error(left.sorted().joined(separator: ", ") + " or the end of the line")
      }
      if let word = LinkWord(rawValue: word.text) { try take(word, of: &traits.link) }
      if let word = MannersWord(rawValue: word.text) { try take(word, of: &traits.manners) }
      if let word = FirewallWord(rawValue: word.text) { try take(word, of: &traits.firewall) }
      if word.text == "nat" { traits.translates = true }
      if word.text == "only" {
        let direction = try take("outward or homeward") { Topology.Direction(rawValue: $0) }
        traits.direction = direction
      }
      if let word = EditWord(rawValue: word.text) { try take(word, of: &traits.edits) }
    }
    // A queue without a rate would never fill.
    if left.contains("rate"), !left.contains("queue") {
      throw error("a rate, since there is a queue")
    }
    return traits
  }

  /// Reads what stands behind a word, for one direction or for each.
  private mutating func take(
    _ word: LinkWord, of link: inout Topology.Link
  ) throws(LineError) {
    switch word {
    case .delay: try take("a delay such as 5ms", \.delay, of: &link, TopologyValue.delay)
    case .jitter:
      try take("a jitter such as 2ms", \.jitter, of: &link, TopologyValue.delay)
      try takeShape(of: &link)
    case .reorder: link.changeBoth { $0.reorders = true }
    case .late:
      try take("a chance and a time such as 2%:15ms", \.lateness, of: &link) {
        TopologyValue.lateness($0)
      }
    case .loss: try take("a loss such as 1%", \.loss, of: &link, TopologyValue.probability)
    case .burst:
      try take("chances to begin and to end such as 1%:20%", \.bursts, of: &link) {
        TopologyValue.bursts($0)
      }
    case .duplicate:
      try take("a chance such as 1%", \.duplication, of: &link, TopologyValue.probability)
    case .corrupt:
      try take("a chance such as 1%", \.corruption, of: &link, TopologyValue.probability)
    case .mtu:
      try take("an MTU from 68 to 65535", \.mtu, of: &link) {
        LineValue.wholeNumber(String($0)).flatMap {
          (68...65_535).contains($0) ? Int($0) : nil
        }
      }
    case .rate: try take("a rate such as 10mbit", \.rate, of: &link) { TopologyValue.rate($0) }
    case .queue:
      try take("a queue such as 50ms or 64kB", \.queue, of: &link, TopologyValue.queue)
    }
  }

  /// How jitter is spread, if that stands there.
  private mutating func takeShape(of link: inout Topology.Link) throws(LineError) {
    guard let word = nextWord, !Self.optionNames.contains(word.text) else { return }
    let shape = try take("uniform, normal, exponential or pareto") { JitterShape(rawValue: $0) }
    link.changeBoth { $0.jitterShape = shape }
  }

  private mutating func take<Value>(
    _ expected: String, _ property: WritableKeyPath<LinkProperties, Value>,
    of link: inout Topology.Link, _ read: (Substring) -> Value?
  ) throws(LineError) {
    let values = try take(expected) { TopologyValue.directions($0, read) }
    link.outward[keyPath: property] = values.outward
    link.homeward[keyPath: property] = values.homeward
  }

  private mutating func take<Value>(
    _ expected: String, _ property: WritableKeyPath<LinkProperties, Value?>,
    of link: inout Topology.Link, _ read: (Substring) -> Value?
  ) throws(LineError) {
    let values = try take(expected) { TopologyValue.directions($0, read) }
    link.outward[keyPath: property] = values.outward
    link.homeward[keyPath: property] = values.homeward
  }
}
