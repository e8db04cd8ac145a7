import PacketWire
import Testing

@Suite("Questions to DNS servers")
struct DNSInquiryTests {
  let name = DNSName("www.a.test") ?? .root

  private func response(
    _ inquiry: DNSInquiry, flags: UInt16 = 0x8180, _ change: (inout DNSMessage) -> Void = { _ in }
  ) -> [UInt8] {
    var message = inquiry.query
    message.flags = flags
    message.answers = [
      DNSRecord(name, .a, timeToLive: 1, .a(IPv4Address(192, 0, 2, 1)))
    ]
    change(&message)
    return [UInt8](capacity: message.length) { message.write(to: &$0) }
  }

  @Test("the query asks for recursion, and says how much it takes")
  func query() throws {
    let inquiry = DNSInquiry(name, .a, identifier: 0xbeef)
    var reader = PacketReader(inquiry.octets.span)
    let message = try DNSMessage(parsing: &reader)
    #expect(message.flags == 0x0100 && message.identifier == 0xbeef)
    #expect(message.questions == [DNSQuestion(name, .a)])
    #expect(message.additionals.map(\.recordClass.rawValue) == [1232])
    // No extended response code, version 0, no DNSSEC (RFC 6891 §6.1.3).
    #expect(message.additionals.map(\.timeToLive) == [0])
    #expect(inquiry.plain.query.additionals.isEmpty && inquiry.plain.query.identifier == 0xbeef)
  }

  @Test("what is an answer and what is not")
  func verdicts() {
    let inquiry = DNSInquiry(name, .a, identifier: 0xbeef)
    guard case .answer(let message) = inquiry.judge(response(inquiry)) else {
      Issue.record("no answer")
      return
    }
    #expect(message.answers.count == 1)
    let other = DNSName("www.b.test") ?? .root
    let foreign: [([UInt8], String)] = [
      ([0xbe, 0xef], "too short"),
      (response(inquiry) { $0.identifier = 0xbeee }, "another identifier"),
      (response(inquiry, flags: 0x0100), "no response"),
      (response(inquiry) { $0.questions[0].name = other }, "another question"),
      (response(inquiry) { $0.questions[0].type = .aaaa }, "another question"),
      (
        response(inquiry) { $0.questions[0].recordClass = DNSClass(rawValue: 255) },
        "another question"
      ),
      (response(inquiry) { $0.questions.append($0.questions[0]) }, "another question"),
      (response(inquiry) { $0.questions = [] }, "another question"),
    ]
    for (octets, why) in foreign { #expect(inquiry.judge(octets) == .foreign(why)) }
    // The letters' case is the server's choice.
    let loud = response(inquiry) { $0.questions[0].name = DNSName("WWW.A.TEST") ?? .root }
    guard case .answer = inquiry.judge(loud) else { Issue.record("case matters"); return }
    // A refusal need not repeat the question.
    guard case .answer = inquiry.judge(response(inquiry, flags: 0x8185) { $0.questions = [] })
    else { Issue.record("no refusal"); return }
  }

  @Test("truncation, also in the middle of a record, and servers without EDNS")
  func others() {
    let inquiry = DNSInquiry(name, .a, identifier: 0xbeef)
    guard case .truncated = inquiry.judge(response(inquiry, flags: 0x8380)) else {
      Issue.record("not truncated")
      return
    }
    let cut = Array(response(inquiry, flags: 0x8380).dropLast(14))
    guard case .truncated(let message) = inquiry.judge(cut) else {
      Issue.record("not truncated when cut")
      return
    }
    #expect(message.flags == 0x8380 && message.identifier == 0xbeef)
    for code in [1, 4] as [UInt16] {
      let octets = response(inquiry, flags: 0x8180 | code)
      #expect(inquiry.judge(octets) == .needsPlainQuery)
      guard case .answer = inquiry.plain.judge(octets) else {
        Issue.record("a plain query is not asked again")
        return
      }
    }
    guard case .foreign = inquiry.judge(Array(response(inquiry).dropLast(3))) else {
      Issue.record("a cut answer is none")
      return
    }
  }
}
