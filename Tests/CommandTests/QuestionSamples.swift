import PacketWire

@testable import PingCommand
@testable import ProbeEngine

/// Answers to questions that are no echo requests, of every kind.
enum QuestionSamples {
  static let reports: [PingReport] = {
    let entry = NodeInformation.Address(address("192.0.2.1"), timeToLive: 3)
    let name = NodeInformation.Name(DNSName("a.test") ?? .root, isFullyQualified: true)
    let same = QuestionTextTests.stamps(5, 5)
    let state = ICMPInterfaceState(
      neighbor: .stale, isActive: true, runsIPv4: false, runsIPv6: true)
    let contents: [QuestionReply.Content] = [
      .timestamps(same), .timestamps(QuestionTextTests.stamps(0x8000_0001, 0x8000_0009)),
      .addressMask(ICMPAddressMask(prefixLength: 8)),
      .addressMask(ICMPAddressMask(IPv4Address(255, 0, 255, 0))),
      .information, .interface(code: 0, state), .node(.names([name], timeToLive: 4)),
      .node(.addresses([entry], isTruncated: true)), .node(.nothing),
      .node(.unknown(code: 9, type: .nodeName)),
      .node(.malformed(PacketError(.icmpv6, at: 0, .badPointer(1)))),
    ]
    return contents.map { content in
      var answer = QuestionTextTests.reply(content)
      if case .node(.nothing) = content { answer.timeToLive = nil }
      return .answer(
        PingAnswer(
          reply: PingTextTests.answer(), question: .timestamp, answer: answer, proof: .keyed,
          offset: content != .timestamps(same)
            ? nil
            : ClockOffset(
              same, sentAt: WallInstant(nanoseconds: 0), roundTrip: Nanoseconds(1_000_000))))
    }
  }()
}
