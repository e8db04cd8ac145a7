import PacketWire
import SimulatedInternet
import Testing

@testable import ServiceEngine

@Suite("The DNS server over TCP (RFC 7766)")
struct DNSStreamTests {
  let responder = DNSResponder(records: Topology.default.dnsRecords)

  @Test("messages in any pieces, several at once")
  func stream() throws {
    let message = DNSMessage(query: try #require(DNSName("www.discord.test")), .a, identifier: 7)
    let query = [UInt8](capacity: message.length) { message.write(to: &$0) }
    let framed = [0, UInt8(query.count)] + query
    let answer = try #require(responder.answer(to: query, over: .tcp))
    let expected = [0, UInt8(answer.count)] + answer
    let now = WallInstant(nanoseconds: 0)
    for size in 1...(framed.count * 2) {
      var stream = DNSStream(responder)
      var rest = (framed + framed)[...]
      while !rest.isEmpty {
        stream.receive(rest.prefix(size), at: now)
        rest = rest.dropFirst(size)
      }
      #expect(stream.output == expected + expected)
      #expect(stream.wantsInput)
      stream.hasSent(expected.count)
      #expect(stream.output == expected)
    }
  }

  @Test(
    "lengths that cannot be end the connection",
    arguments: [[0, 0], [0, 11], [0x10, 0x01], [0xff, 0xff]] as [[UInt8]])
  func badLengths(prefix: [UInt8]) {
    var stream = DNSStream(responder)
    stream.receive(prefix[...], at: WallInstant(nanoseconds: 0))
    #expect(stream.isClosing && !stream.wantsInput && stream.output.isEmpty)
  }

  @Test("who does not read is not answered for ever")
  func backPressure() throws {
    let message = DNSMessage(query: try #require(DNSName("www.discord.test")), .a, identifier: 7)
    let query = [UInt8](capacity: message.length) { message.write(to: &$0) }
    let framed = [0, UInt8(query.count)] + query
    var stream = DNSStream(responder)
    let flood = Array(repeatElement(framed, count: 5000).joined())
    let now = WallInstant(nanoseconds: 0)
    stream.receive(flood[...], at: now)
    #expect(!stream.wantsInput && stream.output.count < DNSStream.outputLimit + 200)
    var sent = 0
    while !stream.output.isEmpty {
      sent += stream.output.count
      stream.hasSent(stream.output.count)
      stream.receive([], at: now)
    }
    let answer = try #require(responder.answer(to: query, over: .tcp))
    #expect(sent == 5000 * (answer.count + 2))
  }
}
