import FlowAnalysis
import PacketWire
import PageStory

extension StoryQuiz {
  static func drafts(_ arp: ARPFacts, _ facts: PacketFacts) -> [Draft] {
    guard case .request = arp.role, facts.linkDestination == .broadcast else { return [] }
    let target = arp.packet.targetAddress
    return [
      Draft(
        kind: .linkBroadcast,
        text: "#\(facts.mark.number) goes to every host on the link. Why not only to \(target)?",
        answer: "The sender knows the network address \(target), but a frame needs a link address, "
          + "and that is just what it asks for. So all hear the question, and \(target) answers.")
    ]
  }

  static func drafts(_ neighbor: NeighborFacts, _ facts: PacketFacts) -> [Draft] {
    guard case .solicitation(let target, _) = neighbor.role,
      let destination = facts.destination?.address, destination.isMulticast
    else { return [] }
    return [
      Draft(
        kind: .linkBroadcast,
        text: "#\(facts.mark.number) asks for the link address of \(target), and goes to "
          + "\(destination). Who hears it?",
        answer:
          "Hosts whose address ends in the same 24 bits, mostly \(target) alone: they listen to "
          + "that group. IPv6 has no broadcast, and disturbs fewer hosts than ARP does (RFC 4861).")
    ]
  }

  static func drafts(_ icmp: ICMPFacts, _ facts: PacketFacts) -> [Draft] {
    guard case .error(let about?) = icmp.role, let source = facts.source else { return [] }
    let packet = about.packet.map { "#\($0.number)" }
    let isTarget = about.destination.address == source.address
    return [
      Draft(
        kind: .networkError,
        text: "\(source.address) reports an error in #\(facts.mark.number). How does the receiver "
          + "know which of its packets is meant?",
        answer: "The error quotes the beginning of the packet: from \(about.source.address) to "
          + "\(about.destination.address)\(packet.map { ", which is \($0)" } ?? ""). "
          + (isTarget
            ? "The target itself sent the error."
            : "Not the target sent it, but a router before it."))
    ] + hops(facts)
  }

  /// Where senders usually begin to count.
  private static let usualStarts: [UInt8] = [64, 128, 255]

  static func hops(_ facts: PacketFacts) -> [Draft] {
    guard let left = facts.hopsLeft, let source = facts.source, !facts.isFromInitiator,
      let start = usualStarts.first(where: { $0 >= left }), start - left > 0, start - left < 40
    else { return [] }
    let field = source.address.family == .v4 ? "time to live" : "hop limit"
    return [
      Draft(
        kind: .hops,
        text:
          "#\(facts.mark.number) of \(source.address) arrives with a \(field) of \(left). If it "
          + "left with \(start), how many routers has it passed?",
        answer: "\(start - left): each router takes one off. The sender's start is a guess: most "
          + "systems begin with 64, 128 or 255.")
    ]
  }
}

/// Questions about a DNS message.
struct DNSQuestions {
  let dns: DNSFacts
  let question: DNSQuestion
  let facts: PacketFacts
  let before: (number: Int, type: DNSType)?

  init(
    _ dns: DNSFacts, _ question: DNSQuestion, _ facts: PacketFacts,
    before: (number: Int, type: DNSType)?
  ) {
    (self.dns, self.question, self.facts, self.before) = (dns, question, facts, before)
  }

  private var number: Int { facts.mark.number }
  private var name: String { Words.safe(question.name.textWithoutFinalDot, 60) }

  var drafts: [StoryQuiz.Draft] {
    switch dns.role {
    case .query: [twoFamilies, noHandshake].compactMap { $0 }
    case .answer: [missingName, alias, timeToLive].compactMap { $0 }
    }
  }

  private var twoFamilies: StoryQuiz.Draft? {
    guard let before, Set([before.type, question.type]) == [.a, .aaaa] else { return nil }
    return StoryQuiz.Draft(
      kind: .twoFamilies,
      text: "#\(before.number) and #\(number) ask for the same name, \(name). Why two questions?",
      answer:
        "One asks for IPv4 addresses (A) and the other for IPv6 addresses (AAAA); a question has "
        + "one type. The client does not know before what the server and the way to it can do.")
  }

  private var noHandshake: StoryQuiz.Draft? {
    StoryQuiz.Draft(
      kind: .noHandshake,
      text:
        "#\(number) asks for \(name) in one UDP datagram, without a handshake. What if it is lost?",
      answer:
        "Nobody tells: UDP neither confirms nor repeats. The client waits a while for the answer "
        + "and asks again. A handshake would cost a round trip for a question of one packet.")
  }

  private var missingName: StoryQuiz.Draft? {
    guard dns.outcome == .noName else { return nil }
    return StoryQuiz.Draft(
      kind: .missingName,
      text: "#\(number) says that there is no name \(name). Would another type of record help?",
      answer: "No: NXDOMAIN is about the name, whatever the type, and about all names below it "
        + "(RFC 8020). A name that only lacks a type is answered without an error and without records."
    )
  }

  private var alias: StoryQuiz.Draft? {
    guard let result = dns.result, result.outcome == .found, let last = result.aliases.last,
      let address = result.addresses.first
    else { return nil }
    return StoryQuiz.Draft(
      kind: .alias,
      text: "#\(number) answers a question for \(name). Which name has the address \(address)?",
      answer: "\(Words.safe(last.textWithoutFinalDot, 60)): \(name) is an alias (CNAME), and the "
        + "answer follows it. The client still speaks of \(name).")
  }

  private var timeToLive: StoryQuiz.Draft? {
    guard let result = dns.result, result.outcome == .found, let seconds = result.timeToLive
    else { return nil }
    return StoryQuiz.Draft(
      kind: .timeToLive,
      text: "For how long may the client use the answer of #\(number) without asking again?",
      answer: seconds == 0
        ? "Not at all: a time to live of 0 s is for this once. Who wants the name again must ask again."
        : "For \(seconds) s: the least time to live of the records that it needs. Until then it can keep "
          + "the answer in a cache, and a capture shows no look-up.")
  }
}
