import PacketWire

// What a lab file says of links and routers, in its own words: what is as usual is not said.

extension Topology.Link {
  /// The words of the lab file for it. What a lab file cannot say, which is an MTU, a rate, bursts or
  /// latecomers in one direction only, is said of both.
  public var words: [String] {
    var words: [String] = []
    func say(_ word: String, _ text: (LinkProperties) -> String?) {
      guard let out = text(outward) ?? text(homeward) else { return }
      let home = text(homeward) ?? out
      words.append("\(word) " + (out == home ? out : "\(out)/\(home)"))
    }
    func say<Value: Equatable>(
      _ word: String, _ property: KeyPath<LinkProperties, Value>, unless usual: Value,
      _ text: (Value) -> String
    ) {
      let values = (outward[keyPath: property], homeward[keyPath: property])
      if values != (usual, usual) { say(word) { text($0[keyPath: property]) } }
    }
    say("delay", \.delay, unless: .zero, LabText.time)
    say("jitter", \.jitter, unless: .zero, LabText.time)
    if outward.jitter != .zero, outward.jitterShape != .uniform {
      words.append(outward.jitterShape.rawValue)
    }
    if outward.reorders { words.append("reorder") }
    say("late") { $0.lateness.map { "\(LabText.chance($0.chance)):\(LabText.time($0.delay))" } }
    say("loss", \.loss, unless: .never, LabText.chance)
    say("burst") { $0.bursts.map { LabText.bursts($0) } }
    say("duplicate", \.duplication, unless: .never, LabText.chance)
    say("corrupt", \.corruption, unless: .never, LabText.chance)
    say("mtu") { $0.mtu.map { "\($0)" } }
    say("rate") { $0.rate.map { LabText.rate($0) } }
    if outward.rate != nil { say("queue", \.queue, unless: .usual, LabText.queue) }
    return words
  }
}

extension Topology.Router {
  /// The words of the lab file for it, those of its link not among them.
  public var words: [String] {
    manners.words + edits.words + firewall.words + (translates ? ["nat"] : [])
      + (direction.map { ["only \($0.rawValue)"] } ?? [])
  }
}

extension RouterManners {
  fileprivate var words: [String] {
    var words: [String] = []
    if isSilent { words.append("silent") }
    if let limit = errorLimit { words.append("limit \(LabText.limit(limit))") }
    if let quotedLength { words.append("quote \(quotedLength)") }
    if forwardsExhausted { words.append("zerottl") }
    switch errorSource {
    case .nearInterface: break
    case .farInterface: words.append("source far")
    case .address(let addresses):
      words.append("source " + addresses.all.map(\.description).joined(separator: " "))
    }
    if extendsOldStyle { words.append("oldext") }
    if answersProbes { words.append("probe") }
    switch balancing {
    case .flow: break
    case .packet: words.append("balance packet")
    case .destination: words.append("balance destination")
    case .flap(let interval): words.append("balance flap:\(LabText.time(interval))")
    }
    if !labels.isEmpty {
      words.append("mpls " + labels.map { "\($0)" }.joined(separator: ","))
    }
    if let interfaceName { words.append("interface \(LabText.word(interfaceName))") }
    return words
  }
}

extension PacketEdits {
  fileprivate var words: [String] {
    (dscp.map { ["dscp \($0)"] } ?? []) + (bleachesECN ? ["bleach"] : [])
      + (maximumSegmentSize.map { ["mss \($0)"] } ?? [])
  }
}

extension Firewall {
  fileprivate var words: [String] {
    Action.allCases.compactMap { action in
      let (out, home) = (text(of: action, in: outward), text(of: action, in: homeward))
      guard out != "none" || home != "none" else { return nil }
      return "\(action) " + (out == home ? out : "\(out)/\(home)")
    }
  }

  private func text(of action: Action, in rules: [Rule]) -> String {
    let matches = rules.filter { $0.action == action }.flatMap(\.matches)
    // The word for both is that of the first.
    let said = matches.indices.filter { index in
      index == 0 || matches[index] != Match(.icmpv6) || matches[index - 1] != Match(.icmp)
    }
    return said.isEmpty ? "none" : said.map { matches[$0].text }.joined(separator: ",")
  }
}

extension Firewall.Match {
  fileprivate var text: String {
    guard let protocolNumber else { return "all" }
    let name =
      switch protocolNumber {
      case .tcp: "tcp"
      case .udp: "udp"
      case .icmpv6: "icmp6"
      default: "icmp"
      }
    guard let numbers else { return name }
    return numbers.count == 1
      ? "\(name):\(numbers.lowerBound)" : "\(name):\(numbers.lowerBound)-\(numbers.upperBound)"
  }
}

/// Values as a lab file writes them.
enum LabText {
  static func time(_ time: Nanoseconds) -> String {
    time.count.isMultiple(of: 1_000_000_000)
      ? "\(time.count / 1_000_000_000)s" : decimal(time.count, places: 6) + "ms"
  }

  static func chance(_ chance: Probability) -> String {
    decimal(Int64(chance.perMillion), places: 4) + "%"
  }

  static func bursts(_ bursts: LossBursts) -> String {
    let chances = [bursts.entering, bursts.leaving] + (bursts.loss == .always ? [] : [bursts.loss])
    return chances.map { chance($0) }.joined(separator: ":")
  }

  static func rate(_ rate: BitRate) -> String {
    let bits = rate.bitsPerSecond
    let units: [(String, UInt64)] = [("gbit", 1_000_000_000), ("mbit", 1_000_000), ("kbit", 1000)]
    for (unit, size) in units where bits >= size && bits.isMultiple(of: size / 1000) {
      return decimal(Int64(bits / (size / 1000)), places: 3) + unit
    }
    return "\(bits)bit"
  }

  static func queue(_ queue: QueueLimit) -> String {
    switch queue {
    case .time(let time): self.time(time)
    case .octets(let octets): "\(octets)B"
    }
  }

  static func limit(_ limit: ErrorLimit) -> String {
    let perSecond = 1_000_000_000_000 / max(limit.interval.count, 1)
    return decimal(perSecond, places: 3) + "/s" + (limit.burst > 1 ? ":\(limit.burst)" : "")
  }

  /// In quotes where that keeps it together.
  static func word(_ text: String) -> String {
    text.utf8.contains { $0 <= 0x20 || $0 == 0x23 } ? "\"\(text)\"" : text
  }

  /// `number` with so many of its digits behind a point, and no zeros at the end.
  private static func decimal(_ number: Int64, places: Int) -> String {
    var digits = String(number)
    digits = String(repeating: "0", count: max(places + 1 - digits.utf8.count, 0)) + digits
    let whole = digits.dropLast(places)
    let fraction = digits.suffix(places).reversed().drop { $0 == "0" }.reversed()
    return fraction.isEmpty ? String(whole) : "\(whole).\(String(fraction))"
  }
}
