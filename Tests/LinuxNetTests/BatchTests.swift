import LinuxNet
import LinuxSystem
import PacketTestSupport
import PacketWire
import Testing

@Suite("Messages sent and received together, over loopback")
struct BatchTests {
  private func bound(_ family: IPFamily) throws -> MessageSocket {
    let socket = try MessageSocket(.datagram(.udp), family: family)
    try socket.bind(to: endpoint(family == .v4 ? "127.0.0.1" : "::1"))
    return socket
  }

  @Test(
    "what is queued arrives whole and in order, as much at a time as is asked for",
    arguments: IPFamily.allCases)
  func order(family: IPFamily) throws {
    let sender = try bound(family)
    let receiver = try bound(family)
    let target = try receiver.localEndpoint()
    let messages = [hex("01"), hex("0202"), hex("030303"), [], hex("05050505 05")]
    var outgoing = SendBatch(capacity: 5, slotSize: 8)
    for message in messages { outgoing.append(message.span, to: target) }
    let isFull = outgoing.isFull
    #expect(isFull)
    let outcome = outgoing.flush(on: sender)
    #expect(outcome.sent == 5 && outcome.failure == nil)
    outgoing.removeAll()
    #expect(outgoing.count == 0 && outgoing.flush(on: sender).sent == 0)
    try awaitDelivery()

    var incoming = ReceiveBatch(capacity: 4, slotSize: 8)
    var seen: [[UInt8]] = []
    for expected in [3, 2, 0] {
      let count = try incoming.receive(from: receiver, limit: 3)
      #expect(count == expected)
      for index in 0..<count {
        seen.append(Array(incoming.octets[incoming.range(of: index)]))
        #expect(try incoming.description(of: index).source == sender.localEndpoint())
      }
    }
    #expect(seen == messages)
  }

  @Test("each message goes where it is meant to go, whoever had its place before")
  func addresses() throws {
    let sender = try bound(.v4)
    let one = try bound(.v4)
    let other = try bound(.v4)
    let targets = [try one.localEndpoint(), try other.localEndpoint()]
    var outgoing = SendBatch(capacity: 4, slotSize: 8)
    var incoming = ReceiveBatch(capacity: 16, slotSize: 8)
    incoming.isDescribed = false
    // Whom the messages of each batch go to.
    let batches = [
      [0, 0, 0], [0, 1, 0, 0], [1, 1], [1, 1, 1, 1], [0, 1], [1, 0, 0, 1], [1, 0],
    ]
    for (number, batch) in batches.enumerated() {
      for target in batch {
        outgoing.append([UInt8(number), UInt8(target)].span, to: targets[target])
      }
      #expect(outgoing.flush(on: sender).sent == batch.count)
      outgoing.removeAll()
      try awaitDelivery()
      for target in 0..<2 {
        let count =
          target == 0
          ? try incoming.receive(from: one) : try incoming.receive(from: other)
        #expect(count == batch.count { $0 == target })
        for index in 0..<count {
          #expect(
            Array(incoming.octets[incoming.range(of: index)]) == [UInt8(number), UInt8(target)])
          #expect(incoming.description(of: index).source == nil)
        }
      }
    }
  }

  @Test("what does not fit is cut, and its own length is told")
  func cut() throws {
    let sender = try bound(.v4)
    let receiver = try bound(.v4)
    var outgoing = SendBatch(capacity: 2, slotSize: 16)
    for length in [12, 3] {
      outgoing.append(
        [UInt8](repeating: 7, count: length).span, to: try receiver.localEndpoint())
    }
    #expect(outgoing.flush(on: sender).sent == 2)
    try awaitDelivery()
    var incoming = ReceiveBatch(capacity: 2, slotSize: 8)
    #expect(try incoming.receive(from: receiver) == 2)
    #expect(incoming.range(of: 0) == 0..<8 && incoming.range(of: 1) == 8..<11)
    #expect(incoming.originalCount(of: 0) == 12 && incoming.originalCount(of: 1) == 3)
  }

  @Test("one that cannot be sent stops the batch there, and those behind it can still go")
  func failure() throws {
    let sender = try bound(.v4)
    let receiver = try bound(.v4)
    let target = try receiver.localEndpoint()
    // UDP over IPv4 has room for 65 507 octets.
    var outgoing = SendBatch(capacity: 3, slotSize: 65_508)
    for length in [1, 65_508, 2] {
      outgoing.append([UInt8](repeating: 7, count: length).span, to: target)
    }
    let outcome = outgoing.flush(on: sender)
    #expect(outcome.sent == 1 && outcome.failure?.isMessageTooLong == true)
    #expect(outgoing.flush(on: sender, from: 2).sent == 3)
    try awaitDelivery()
    var incoming = ReceiveBatch(capacity: 4, slotSize: 8)
    #expect(try incoming.receive(from: receiver) == 2)
    #expect(incoming.originalCount(of: 0) == 1 && incoming.originalCount(of: 1) == 2)
  }
}
