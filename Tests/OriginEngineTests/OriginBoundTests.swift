import AddressOrigins
import OriginEngine
import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

@Suite("Bounds of origins by DNS")
struct OriginBoundTests {
  @Test("so many questions at once, and no more wait than may")
  func queue() throws {
    var harness = OriginHarness {
      $0.parallel = 3
      $0.queueCapacity = 10
    }
    for index in 0..<200 { try harness.request("198.18.\(index).1") }
    #expect(harness.sent.count == 3)
    try harness.answerAll()
    // Those of three slots, ten that waited, and the name of the one system.
    #expect(harness.asked.count == 14 && harness.session.isIdle)
    // What was left out can be asked for again.
    #expect(try harness.words("198.18.150.1").hasPrefix("[64500]"))
    try harness.request("192.0.2.1")
    #expect(harness.asked.count == 15)
  }

  @Test("neighbours wait in bounds too")
  func neighbours() throws {
    var harness = OriginHarness { $0.queueCapacity = 5 }
    for last in 1...250 { try harness.request("192.0.2.\(last)") }
    try harness.answerAll()
    #expect(harness.asked.count == 6)
  }

  @Test("the oldest is forgotten")
  func cache() throws {
    var harness = OriginHarness { $0.cacheCapacity = 4 }
    for index in 0..<20 {
      try harness.request("192.0.\(index).1")
      try harness.answerAll()
    }
    #expect(try harness.words("192.0.19.1") == "unannounced")
    #expect(try harness.words("192.0.15.1") == "nil")
  }

  @Test("noise and forgeries change nothing")
  func noise() throws {
    var harness = OriginHarness()
    try harness.request("198.18.1.1")
    let question = harness.sent[0]
    let good = try OriginHarness.reply(to: question.octets)
    var random = SeededRNG(seed: 9)
    for _ in 0..<2000 {
      var octets = good
      // The identifier, or what was asked.
      octets[Int.random(in: 0..<2, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      try harness.act(harness.session.receive(octets, slot: 0, at: harness.now))
      octets = good
      octets[Int.random(in: 13..<20, using: &random)] &+= 1
      try harness.act(harness.session.receive(octets, slot: 0, at: harness.now))
      let noise = random.bytes(count: Int.random(in: 0..<60, using: &random))
      try harness.act(harness.session.receive(noise, slot: 0, at: harness.now))
      try harness.act(harness.session.receive(good, slot: 5, at: harness.now))
      try harness.act(harness.session.receive(good, slot: -1, at: harness.now))
    }
    #expect(try harness.words("198.18.1.1") == "nil" && harness.asked.count == 1)
    try harness.act(harness.session.receive(good, slot: 0, at: harness.now))
    #expect(try harness.words("198.18.1.1").hasPrefix("[64500]"))
    // Twice is once too often.
    try harness.act(harness.session.receive(good, slot: 0, at: harness.now))
    #expect(harness.asked.count == 2)
  }

  @Test("half of an answer, and one that was changed on the way, never trap")
  func damaged() throws {
    var random = SeededRNG(seed: 21)
    for _ in 0..<500 {
      var harness = OriginHarness()
      try harness.request("198.18.1.1")
      var octets = try OriginHarness.reply(to: harness.sent[0].octets)
      for _ in 0..<3 {
        octets[Int.random(in: 4..<octets.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      octets.removeLast(Int.random(in: 0...octets.count, using: &random))
      try harness.act(harness.session.receive(octets, slot: 0, at: harness.now))
    }
  }
}
