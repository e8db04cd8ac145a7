import PacketWire

extension MultipathSession {
  /// Sends what the stopping rule still asks for, hop by hop.
  mutating func plan(at now: MonotonicInstant, _ effects: inout [TraceEffect<Report>]) {
    var silentHops = 0
    for ttl in sourceTTL..<lastTTL {
      guard !hops[ttl].vertices.isEmpty else { return }
      if ttl > sourceTTL { silentHops = hops[ttl].answering == 0 ? silentHops + 1 : 0 }
      guard silentHops < configuration.gapLimit else { return }
      markSpray(at: ttl)
      testBalancers(at: ttl, now, &effects)
      let isSatisfied = sendOnward(from: ttl, at: now, &effects)
      hops[ttl + 1].isSettled =
        hops[ttl].isSettled && isSatisfied && !hops[ttl + 1].vertices.isEmpty
    }
  }

  /// Nothing more is asked for than what was answered, and whoever waits for an answer would learn nothing
  /// by it.
  var isSatisfied: Bool {
    // Where several routers answer, one more can be silent.
    if parked.contains(where: { hops[$0.timeToLive].vertices.count > 1 }) { return false }
    var copy = self
    var silentHops = 0
    for ttl in sourceTTL..<lastTTL where !hops[ttl].vertices.isEmpty {
      if ttl > sourceTTL { silentHops = hops[ttl].answering == 0 ? silentHops + 1 : 0 }
      guard silentHops < configuration.gapLimit else { return true }
      let demands = copy.demands(at: ttl)
      for (place, vertex) in hops[ttl].vertices.enumerated()
      where !isServed(vertex, demands[place]) { return false }
    }
    return true
  }

  // MARK: From one hop to the next

  /// Sends to the next hop what the vertices of this one ask for; whether all of it was answered.
  private mutating func sendOnward(
    from ttl: Int, at now: MonotonicInstant, _ effects: inout [TraceEffect<Report>]
  ) -> Bool {
    if hops[ttl].isSprayed, hops[ttl].vertices.count > 1 {
      return sendSpray(from: ttl, at: now, &effects)
    }
    let demands = demands(at: ttl)
    if isReplay { return isServed(demands, at: ttl) }
    var (isSatisfied, classifying, starving) = (true, 0, [Int]())
    for (place, vertex) in hops[ttl].vertices.enumerated() {
      let demand = demands[place]
      if isServed(vertex, demand) { continue }
      isSatisfied = false
      let counted = vertices[vertex].onward - substituted(vertex)
      var missing = demand - counted
      while missing > 0, let flow = nextFlow(through: vertex) {
        guard send(flow, ttl + 1, .classify, at: now, &effects) else { return false }
        missing -= 1
      }
      guard missing > 0 else { continue }
      classifying = max(classifying, flowsToClassify(for: vertex, missing))
      starving.append(vertex)
    }
    if classifying > 0, !classify(classifying, for: starving, at: ttl, now, &effects) {
      note(.flows)
      for vertex in starving { vertices[vertex].isStarved = true }
      isNews = true
    }
    return isSatisfied
  }

  /// Flows that wait for a limited router, and that others can stand in for: they will pass another one.
  private func substituted(_ vertex: Int) -> Int {
    let next = vertices[vertex].timeToLive + 1
    return hops[next].answering > 1 ? vertices[vertex].parked : 0
  }

  /// The vertex has its answers, or will not get them.
  func isServed(_ vertex: Int, _ demand: Int) -> Bool {
    let known = vertices[vertex]
    if known.joined >= demand || known.isStarved { return true }
    if known.unanswered >= 2 * max(demand, 2) { return true }
    let next = hops[known.timeToLive + 1]
    // Whoever passes here passes the only router there, which does not answer that often.
    return known.unanswered > 0 && next.looksLimited && next.vertices.count == 1
  }

  /// A flow that passes the vertex and was not sent on.
  private mutating func nextFlow(through vertex: Int) -> Int? {
    let ttl = vertices[vertex].timeToLive
    while vertices[vertex].cursor < vertices[vertex].flows.count {
      let flow = vertices[vertex].flows[vertices[vertex].cursor]
      if hops[ttl + 1][flow].state == .none { return flow }
      vertices[vertex].cursor += 1
    }
    guard hops[ttl].sole == vertex else { return nil }
    return freeFlow(at: ttl)
  }

  /// A flow that has no probe at this hop and the next; all flows pass this hop's only vertex.
  private mutating func freeFlow(at ttl: Int) -> Int? {
    while hops[ttl].cursor < flowCount {
      let flow = hops[ttl].cursor
      if hops[ttl + 1][flow].state == .none, hops[ttl][flow].state == .none,
        !hasEnded(flow, by: ttl)
      {
        return flow
      }
      hops[ttl].cursor += 1
    }
    return newFlow()
  }

  private func hasEnded(_ flow: Int, by ttl: Int) -> Bool {
    for hop in hops[...ttl] { if case .ends = hop[flow].state { return true } }
    return false
  }

  private mutating func newFlow() -> Int? {
    guard flowCount < configuration.maximumFlows else {
      note(.flows)
      return nil
    }
    flowCount += 1
    return flowCount - 1
  }

  // MARK: Node control

  /// How many flows have to be tried until so many more pass the vertex; half of what is likely, since
  /// what comes back tells better.
  private mutating func flowsToClassify(for vertex: Int, _ missing: Int) -> Int {
    let ttl = vertices[vertex].timeToLive
    let tried = max(hops[ttl].flows, 1)
    let share = max(Double(vertices[vertex].flowCount) / Double(tried), 1.0 / 64)
    return max(1, Int(Double(missing) / share / 2))
  }

  /// Sends flows to a hop to see which vertices they pass; false when there are no more to send.
  private mutating func classify(
    _ count: Int, for starving: [Int], at ttl: Int, _ now: MonotonicInstant,
    _ effects: inout [TraceEffect<Report>]
  ) -> Bool {
    var count = count - hops[ttl].waiting
    while count > 0 {
      guard !isTriedOut(ttl), let flow = flowToClassify(for: starving, at: ttl) else {
        return false
      }
      guard send(flow, ttl, .classify, at: now, &effects) else { return true }
      count -= 1
    }
    return true
  }

  /// A router that gets one flow in hundreds is not worth thousands.
  mutating func isTriedOut(_ ttl: Int) -> Bool {
    hops[ttl].sent >= 20 * rule.probes(ruling: hops[ttl].vertices.count)
  }

  /// A flow that is likely to pass one of the vertices: one that is known to pass a router before them,
  /// the nearer the better.
  private mutating func flowToClassify(for starving: [Int], at ttl: Int) -> Int? {
    guard ttl > sourceTTL else { return nil }
    if let sole = hops[ttl - 1].sole { return nextFlow(through: sole) }
    var ancestors = Set(starving)
    for hop in stride(from: ttl - 1, to: sourceTTL, by: -1) {
      ancestors = Set(ancestors.flatMap { vertices[$0].predecessors })
      // All flows pass here: a new one is as good.
      guard ancestors.count < hops[hop].vertices.count else { break }
      for ancestor in ancestors.sorted() {
        let spare = vertices[ancestor].flows.last { flow in
          hops[ttl][flow].state == .none && !hasEnded(flow, by: ttl)
        }
        if let spare { return spare }
      }
    }
    return newFlow()
  }

  // MARK: Behind a router that balances packets

  private mutating func markSpray(at ttl: Int) {
    guard ttl > sourceTTL else { return }
    let before = hops[ttl - 1]
    hops[ttl].isSprayed =
      before.isSprayed && before.vertices.count > 1
      || before.vertices.contains { vertices[$0].balancing == .packet }
  }

  /// No flow can be steered here, so that the hop counts as one: each probe is a throw.
  private mutating func sendSpray(
    from ttl: Int, at now: MonotonicInstant, _ effects: inout [TraceEffect<Report>]
  ) -> Bool {
    guard hops[ttl].vertices.contains(where: { !vertices[$0].isEnd }) else { return true }
    let known = hops[ttl + 1].vertices.count
    let areEnds = known > 0 && hops[ttl + 1].vertices.allSatisfy { vertices[$0].isEnd }
    var demand = known == 0 ? 1 : rule.probes(ruling: known)
    if !hops[ttl].isSettled || areEnds && configuration.algorithm == .lite { demand = 1 }
    while !isReplay, hops[ttl + 1].active < demand, hops[ttl + 1].sent < 4 * demand {
      let flow = sprayedFlow(at: ttl) ?? newFlow()
      guard let flow, send(flow, ttl + 1, .classify, at: now, &effects) else { return false }
    }
    return hops[ttl + 1].flows >= demand || hops[ttl + 1].sent >= 4 * demand
  }

  private func sprayedFlow(at ttl: Int) -> Int? {
    for vertex in hops[ttl].vertices {
      for flow in vertices[vertex].flows where hops[ttl + 1][flow].state == .none { return flow }
    }
    return nil
  }

  // MARK: Probes

  /// Sends a probe; false when no more may go now. In a replay it was sent.
  mutating func send(
    _ flow: Int, _ ttl: Int, _ purpose: Purpose, at now: MonotonicInstant,
    _ effects: inout [TraceEffect<Report>]
  ) -> Bool {
    if isReplay { return true }
    guard ledger.count < configuration.maximumProbes else {
      note(.probes)
      return false
    }
    let isQuiet = now < hops[ttl].quietUntil && hops[ttl][flow].state == .none
    guard waiting.count < configuration.window, ttl <= lastTTL, !isQuiet else {
      isNews = true
      return false
    }
    let request = ledger.add(
      timeToLive: UInt8(truncatingIfNeeded: ttl), flow: flow, at: now)
    note(request, purpose)
    effects.append(.send(request))
    return true
  }

  /// A probe is on the way.
  mutating func note(_ request: TraceRequest, _ purpose: Purpose) {
    let (flow, ttl) = (request.flow, Int(request.timeToLive))
    purposes.append(purpose)
    waiting.append(request.number)
    hops[ttl].waiting += 1
    hops[ttl].sent += 1
    guard case .classify = purpose else { return }
    var slot = hops[ttl][flow]
    if slot.state == .none {
      hops[ttl].active += 1
      slot.origin = Int32(origin(of: flow, at: ttl) ?? -1)
      if slot.origin >= 0 { vertices[Int(slot.origin)].onward += 1 }
    }
    slot.attempts += 1
    slot.state = .waiting
    hops[ttl][flow] = slot
  }
}
