import PacketWire

extension MultipathSession {
  /// Takes in an answer.
  mutating func takeIn(
    _ arrival: TraceArrival, _ time: Arrival, _ effects: inout [TraceEffect<Report>]
  ) {
    let number = arrival.number
    guard let entry = ledger[number], let source = arrival.answer.source,
      let outcome = ledger.outcome(of: arrival, at: time), ledger.settle(number, outcome)
    else { return }
    effects.append(.report(.answer(entry.request, outcome)))
    let wasWaiting = remove(number)
    let (flow, ttl) = (entry.request.flow, Int(entry.request.timeToLive))
    if wasWaiting { hops[ttl].waiting -= 1 }
    let slot = hops[ttl][flow]
    if case .none = slot.state { return }
    guard let vertex = vertex(at: ttl, source) else { return fall(back: flow, ttl) }
    note(outcome, of: vertex, at: ttl)
    if let known = slot.vertex {
      // The same flow once more: a repetition, or the first answer came late.
      compare(vertex, with: known, slot, number)
    } else {
      place(flow, at: ttl, on: vertex, isFinal: arrival.answer.isFinal)
    }
    if case .repetition(let balancer) = purposes[number] {
      vertices[vertex].probes += 1
      if wasWaiting { note(repetitionOf: balancer) }
    }
    if hops[ttl].waiting == 0 { isNews = true }
  }

  /// Forgets a probe on the way; whether it was.
  private mutating func remove(_ number: Int) -> Bool {
    guard let place = waiting.firstIndex(of: number) else { return false }
    waiting.remove(at: place)
    return true
  }

  private mutating func note(_ outcome: TraceOutcome, of vertex: Int, at ttl: Int) {
    vertices[vertex].answers += 1
    hops[ttl].answers += 1
    hops[ttl].mostAnswers = max(hops[ttl].mostAnswers, vertices[vertex].answers)
    guard let roundTrip = outcome.roundTrip?.duration else { return }
    vertices[vertex].roundTrips.add(roundTrip)
    hops[ttl].slowest = max(hops[ttl].slowest, roundTrip)
    slowest = max(slowest, roundTrip)
  }

  /// The vertex with that address, a new one if need be; nil when there are too many.
  private mutating func vertex(at ttl: Int, _ address: IPAddress?) -> Int? {
    if let known = hops[ttl].vertices.first(where: { vertices[$0].address == address }) {
      return known
    }
    guard hops[ttl].vertices.count < configuration.maximumWidth else {
      note(.width)
      hops[ttl].isFull = true
      return nil
    }
    let index = vertices.count
    vertices.append(MultipathVertex(timeToLive: ttl, address: address))
    hops[ttl].vertices.append(index)
    if let address {
      hops[ttl].answering += 1
      places[address, default: []].append(index)
    } else {
      hops[ttl].silent = index
    }
    isNews = true
    return index
  }

  /// A flow's vertex at a hop is known now: counts it there, and joins it to the hops before and behind.
  private mutating func place(_ flow: Int, at ttl: Int, on vertex: Int, isFinal: Bool) {
    unpark(flow, ttl)
    var slot = hops[ttl][flow]
    let wasCounted = slot.state != .unknown
    slot.state = isFinal ? .ends(vertex) : .passes(vertex)
    vertices[vertex].flowCount += 1
    vertices[vertex].probes += Int(slot.attempts)
    if slot.attempts == 2 { hops[ttl].secondAnswers += 1 }
    if slot.attempts > 2 { hops[ttl].lateAnswers += 1 }
    hops[ttl].flows += 1
    if !wasCounted { hops[ttl].active += 1 }
    if isFinal { vertices[vertex].finalCount += 1 } else { vertices[vertex].flows.append(flow) }
    if slot.origin < 0 { slot.origin = Int32(origin(of: flow, at: ttl) ?? -1) }
    hops[ttl][flow] = slot
    if slot.origin >= 0 {
      // A flow that was given up is no longer counted for the hop before.
      if !wasCounted { vertices[Int(slot.origin)].onward += 1 }
      join(Int(slot.origin), to: vertex)
    }
    guard !isFinal, ttl < hops.count - 1 else { return }
    let behind = hops[ttl + 1][flow]
    guard behind.origin < 0, behind.state != .none, behind.state != .unknown else { return }
    // It was sent to the next hop before anybody knew what it passes here.
    hops[ttl + 1][flow].origin = Int32(vertex)
    vertices[vertex].onward += 1
    if let next = behind.vertex { join(vertex, to: next) }
  }

  private mutating func join(_ vertex: Int, to next: Int) {
    guard vertices[vertex].join(next) else { return }
    vertices[next].predecessors.append(vertex)
    isNews = true
  }

  /// The vertex that a flow passes at the hop before, as far as that is known.
  func origin(of flow: Int, at ttl: Int) -> Int? {
    guard ttl > sourceTTL else { return nil }
    if ttl - 1 == sourceTTL { return 0 }
    if case .passes(let vertex) = hops[ttl - 1][flow].state { return vertex }
    return hops[ttl - 1].sole
  }

  // MARK: No answer

  /// Silence: the flow passes what does not answer at this hop.
  mutating func placeInSilence(_ flow: Int, at ttl: Int) {
    guard let vertex = vertex(at: ttl, nil) else { return fall(back: flow, ttl) }
    place(flow, at: ttl, on: vertex, isFinal: false)
    isNews = true
  }

  /// Gives a flow up at a hop.
  mutating func fall(back flow: Int, _ ttl: Int) {
    unpark(flow, ttl)
    hops[ttl][flow].state = .unknown
    hops[ttl].active -= 1
    let origin = Int(hops[ttl][flow].origin)
    if origin >= 0 {
      vertices[origin].onward -= 1
      vertices[origin].unanswered += 1
    }
    isNews = true
  }

  mutating func unpark(_ flow: Int, _ ttl: Int) {
    guard hops[ttl][flow].state == .parked else { return }
    hops[ttl][flow].state = .waiting
    let origin = Int(hops[ttl][flow].origin)
    if origin >= 0 { vertices[origin].parked -= 1 }
    parked.removeAll { $0.flow == flow && $0.timeToLive == ttl }
  }

  // MARK: By packet

  /// The same flow was answered at the same hop again.
  private mutating func compare(
    _ vertex: Int, with known: Int, _ slot: MultipathSlot, _ number: Int
  ) {
    // Silence turned into an answer says nothing about the way.
    guard vertex != known, vertices[known].address != nil else { return }
    let balancer: Int
    if case .repetition(let asked) = purposes[number] {
      balancer = asked
    } else {
      guard slot.origin >= 0 else { return }
      balancer = Int(slot.origin)
    }
    if vertices[balancer].balancing != .packet { isNews = true }
    vertices[balancer].balancing = .packet
    if !vertices[balancer].successors.contains(where: { $0.vertex == vertex }) {
      vertices[balancer].successors.append(MultipathVertex.Link(vertex: vertex, flows: 0))
      vertices[vertex].predecessors.append(balancer)
      isNews = true
    }
  }

  /// One repetition less is on the way.
  mutating func note(repetitionOf balancer: Int) {
    vertices[balancer].repetitions -= 1
    guard vertices[balancer].repetitions == 0 else { return }
    isNews = true
    if vertices[balancer].balancing == .untested { vertices[balancer].balancing = .flow }
  }
}
