import FlowAnalysis
import PacketWire
import PageStory

/// Which addresses are the same host, and what each host is to the story.
struct HostRegister: Sendable {
  /// What a host does, in the order in which a drawing shows them.
  enum Part: Int, Sendable { case client, resolver, server, group, other }

  /// A host and its addresses.
  struct Host: Sendable {
    var addresses: [IPAddress]
    var name: String?
    var part: Part
    /// Packets from it or to it that are part of a page's load.
    var packets = 0
  }

  /// More than are remembered; a drawing has room for a few of them.
  private static let maximumHosts = 256

  private(set) var hosts: [Host] = []
  private var placeOfAddress: [IPAddress: Int] = [:]
  /// To whom DNS answers went, by their number.
  private var askers: [Int: IPAddress] = [:]

  /// The host's place among `hosts`.
  func place(of end: Endpoint?) -> Int? { end.flatMap { placeOfAddress[$0.address] } }

  /// Learns the ends of a packet.
  mutating func note(_ facts: PacketFacts, _ phase: StoryPhase) {
    guard let source = facts.source, let destination = facts.destination else { return }
    let client = facts.isFromInitiator ? source : destination
    let server = facts.isFromInitiator ? destination : source
    // Who uses the address that an answer gave is who got the answer, whatever its family.
    if let name = server.name, let asker = askers[name.number], asker != client.address,
      let place = placeOfAddress[asker], placeOfAddress[client.address] == nil
    {
      placeOfAddress[client.address] = place
      hosts[place].addresses.append(client.address)
    }
    let weight = phase == .other ? 0 : 1
    learn(client, phase == .other ? .other : .client, weight)
    learn(server, Self.part(ofServerIn: facts), weight)
    if case .dns(let dns) = facts.content, case .answer = dns.role, askers.count < 512 {
      askers[facts.mark.number] = destination.address
    }
  }

  private static func part(ofServerIn facts: PacketFacts) -> Part {
    switch facts.content {
    case .dns(let dns): dns.service == .dns ? .resolver : .other
    case .tcp, .udp: .server
    default: .other
    }
  }

  private mutating func learn(_ end: Endpoint, _ part: Part, _ weight: Int) {
    guard let place = placeOfAddress[end.address] else {
      guard hosts.count < Self.maximumHosts else { return }
      placeOfAddress[end.address] = hosts.count
      return hosts.append(
        Host(
          addresses: [end.address], name: end.name.map { Words.safe($0.text, 40) },
          part: end.address.isMulticast ? .group : part, packets: weight))
    }
    hosts[place].packets += weight
    if hosts[place].part == .other { hosts[place].part = part }
    if hosts[place].name == nil { hosts[place].name = end.name.map { Words.safe($0.text, 40) } }
  }
}

extension HostRegister.Host {
  /// What it is, in a word.
  var role: String {
    switch part {
    case .client: "client"
    case .resolver: "resolver"
    case .server: "server"
    case .group: "group"
    case .other: "host"
    }
  }

  /// Its name, or else its first address.
  var title: String { name ?? addresses.first.map { "\($0)" } ?? "?" }
}
