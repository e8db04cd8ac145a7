import AddressOrigins
import PacketWire
import ProbeEngine

/// What a question is about.
enum Subject: Hashable, Sendable {
  case address(IPAddress)
  /// The name of an autonomous system.
  case system(UInt32)
}

/// A question under way.
struct OpenQuestion: Sendable {
  var subject: Subject
  var inquiry: DNSInquiry
  var server: Int
  /// How often it has been asked.
  var tries: Int
  var deadline: MonotonicInstant
}

extension OriginSession {
  /// Asks what waits, as far as there are slots.
  mutating func fillSlots(at now: MonotonicInstant) -> [Effect] {
    var effects: [Effect] = []
    while !waiting.isEmpty, let slot = open.firstIndex(where: { $0 == nil }) {
      let subject = waiting.removeFirst()
      if let name = name(for: subject) {
        effects.append(
          ask(subject, name, slot, server: preferredServer, tries: 1, at: now))
      } else {
        // The zone's own name is too long for what goes before it.
        effects += giveUp(subject, at: now)
      }
    }
    return effects
  }

  private func name(for subject: Subject) -> DNSName? {
    switch subject {
    case .address(let address): configuration.zone.name(of: address)
    case .system(let number): configuration.zone.name(ofSystem: number)
    }
  }

  /// A new identifier each time, as hard to guess as the port (RFC 5452 §9.1). The answers are short:
  /// EDNS is not needed.
  private mutating func ask(
    _ subject: Subject, _ name: DNSName, _ slot: Int, server: Int, tries: Int,
    at now: MonotonicInstant
  ) -> Effect {
    askedCount += 1
    let identifier = UInt16(truncatingIfNeeded: cookies.cookie(for: askedCount))
    let inquiry = DNSInquiry(name, .txt, identifier: identifier, usesEDNS: false)
    open[slot] = OpenQuestion(
      subject: subject, inquiry: inquiry, server: server, tries: tries,
      deadline: now + configuration.patience)
    return .ask(inquiry.octets, server: server, slot: slot)
  }

  /// Asks the next server, or nobody any more.
  mutating func tryAgain(_ slot: Int, at now: MonotonicInstant) -> [Effect] {
    guard let question = open[slot] else { return [] }
    guard question.tries < configuration.tries, let name = name(for: question.subject) else {
      return close(slot) + giveUp(question.subject, at: now) + fillSlots(at: now)
    }
    let server = (question.server + 1) % configuration.serverCount
    return [
      ask(question.subject, name, slot, server: server, tries: question.tries + 1, at: now)
    ]
  }

  mutating func close(_ slot: Int) -> [Effect] {
    open[slot] = nil
    return [.close(slot: slot)]
  }

  /// No server answers. Neighbours are not asked for: they would wait as long, for nothing.
  private mutating func giveUp(_ subject: Subject, at now: MonotonicInstant) -> [Effect] {
    switch subject {
    case .address(let address):
      let neighbours = neighbours[address.neighbourhood] ?? []
      for address in [address] + neighbours { others.set(address, to: .unanswered) }
      return releaseNeighbours(of: address, at: now)
    case .system(let number):
      names.set(number, to: nil)
      return []
    }
  }

  /// Learns from an answer.
  mutating func take(
    _ message: DNSMessage, about subject: Subject, at now: MonotonicInstant
  ) -> [Effect] {
    switch subject {
    case .system(let number):
      names.set(number, to: OriginAnswer.name(of: number, in: message))
      return fillSlots(at: now)
    case .address(let address):
      if let origin = OriginAnswer.origin(of: address, in: message),
        let prefix = origin.block.prefix
      {
        origins.set(prefix, to: origin)
        if let number = origin.numbers.first { requestName(of: number) }
      } else {
        others.set(address, to: .unannounced)
      }
      return releaseNeighbours(of: address, at: now) + fillSlots(at: now)
    }
  }

  private mutating func requestName(of number: UInt32) {
    let subject = Subject.system(number)
    guard names[number] == nil, !waiting.contains(subject),
      !open.contains(where: { $0?.subject == subject })
    else { return }
    // There are no more names than addresses that were asked for.
    waiting.append(subject)
  }
}

extension IPAddress {
  /// The shortest network within which no two origins are expected: what is longer than a /24 or a /48
  /// is passed on by nearly nobody.
  var neighbourhood: IPPrefix {
    let length: UInt8 = family == .v4 ? 24 : 48
    return IPPrefix(IPPrefix(self, length: length).first, length: length)
  }

  /// Somebody on the Internet could announce it. Private and local addresses are nobody's business
  /// outside: they are not asked for.
  var isAnnounceable: Bool {
    switch self {
    case .v4(let address):
      let bits = address.bits
      return !address.isMulticast && !address.isLoopback && bits >> 24 != 0
        && bits >> 24 != 10  // RFC 1918 §3
        && bits >> 20 != 0xac1 && bits >> 16 != 0xc0a8
        && bits >> 22 != 0x191  // 100.64.0.0/10, RFC 6598
        && bits >> 16 != 0xa9fe  // RFC 3927
        && bits >> 28 != 0xf
    case .v6(let address):
      return !address.isMulticast && !address.isLinkLocal
        && address.highWord >> 57 != 0x7e  // RFC 4193
        && address.highWord != 0  // ::1, and addresses that hold IPv4 ones
    }
  }
}
