import PacketWire
import SimulatedInternet
import Testing

@Suite("A client in virtual time")
struct VirtualNetworkTests {
  @Test("a client that sends every second hears of each packet at its instant")
  func periodicClient() throws {
    let topology = path(1) { $0.delay = .milliseconds(10) }
    var network = VirtualNetwork(topology: topology, startingAt: .init(nanoseconds: 500))
    let packet = try Probe(to: "203.0.113.80").echoRequest()
    var log: [String] = []
    var sent = 0
    network.run { event, now in
      switch event {
      case .start, .timer:
        log.append("sent \(now.nanoseconds)")
        sent += 1
        return [.send(packet)] + (sent < 3 ? [.wake(at: now + .seconds(1))] : [])
      case .received:
        log.append("received \(now.nanoseconds)")
        return []
      }
    }
    #expect(
      log == [
        "sent 500", "received 40000500", "sent 1000000500", "received 1040000500",
        "sent 2000000500", "received 2040000500",
      ])
    #expect(network.now.nanoseconds == 2_040_000_500)
  }

  @Test("a reply that is due with a timer comes before it")
  func repliesFirst() throws {
    var network = VirtualNetwork(topology: path(0) { $0.delay = .milliseconds(10) })
    let packet = try Probe(to: "203.0.113.80").echoRequest()
    var order: [String] = []
    network.run { event, now in
      switch event {
      case .start: return [.send(packet), .wake(at: now + .milliseconds(20))]
      case .received: order.append("received")
      case .timer: order.append("timer")
      }
      return []
    }
    #expect(order == ["received", "timer"])
  }

  @Test func finishEndsTheRun() throws {
    var network = VirtualNetwork(topology: .default)
    var count = 0
    network.run { _, now in
      count += 1
      return count == 3 ? [.finish, .wake(at: now)] : [.wake(at: now + .seconds(1))]
    }
    #expect(count == 3 && network.now.nanoseconds == 2_000_000_000)
  }

  @Test func aRunEndsAtItsTimeAndGoesOn() throws {
    var network = VirtualNetwork(topology: .default)
    let packet = try Probe(to: "203.0.113.80").echoRequest()
    var received = 0
    network.run(until: .init(nanoseconds: 23_999_999)) { event, _ in
      if case .received = event { received += 1 }
      return event == .start ? [.send(packet)] : []
    }
    #expect(received == 0)
    network.run { event, _ in
      if case .received = event { received += 1 }
      return []
    }
    #expect(received == 1)
  }

  @Test func openPortsTakeDatagrams() throws {
    var network = VirtualNetwork(topology: .default)
    let server = try #require(IPAddress("203.0.113.80"))
    network.host = SimulatedHost(addresses: [server], openUDPPorts: [7])
    #expect(answers(to: try Probe(to: "203.0.113.80").udp(port: 7), in: &network).isEmpty)
    #expect(answers(to: try Probe(to: "203.0.113.80").udp(port: 8), in: &network).count == 1)
    // The resolver's address is no longer anybody's.
    #expect(answers(to: try Probe(to: "203.0.113.53").udp(port: 8), in: &network).isEmpty)
  }
}
