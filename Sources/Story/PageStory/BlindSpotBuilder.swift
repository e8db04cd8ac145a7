import FlowAnalysis
import PacketWire

/// Notes what is enciphered, and how. Every list has an end.
struct BlindSpotBuilder: Sendable {
  /// Flows of one kind, by first appearance.
  struct Flows: Sendable {
    private(set) var list: [(flow: FlowID, server: Endpoint?)] = []
    private var known: Set<FlowID> = []

    mutating func note(_ facts: PacketFacts) {
      guard let flow = facts.flow, known.count < SummaryBuilder.maximumLines,
        known.insert(flow).inserted
      else { return }
      list.append((flow, facts.isFromInitiator ? facts.destination : facts.source))
    }
  }

  private(set) var flows: [BlindSpot.Kind: Flows] = [:]

  /// Takes note of one packet.
  mutating func note(_ facts: PacketFacts) {
    switch facts.content {
    case .tcp(let tcp):
      if let tls = tcp.stream?.tls { note(tls, facts) }
    case .udp(let udp):
      if case .quic = udp.service { note(.quic, facts) }
    default: break
    }
  }

  private mutating func note(_ tls: TLSFacts, _ facts: PacketFacts) {
    flows[.tls, default: Flows()].note(facts)
    if let hello = tls.serverHello, !hello.isRetryRequest, hello.version >= 0x0304 {
      flows[.certificate, default: Flows()].note(facts)
    }
    if let hello = tls.clientHello {
      if hello.hasEncryptedHello { flows[.encryptedHello, default: Flows()].note(facts) }
      noteLookups(facts, name: hello.serverName, protocols: hello.applicationProtocols)
    } else if Self.server(of: facts)?.port == 853 {
      noteLookups(facts, name: nil, protocols: [])
    }
  }

  private mutating func note(_ kind: BlindSpot.Kind, _ facts: PacketFacts) {
    flows[kind, default: Flows()].note(facts)
    noteLookups(facts, name: nil, protocols: [])
  }

  /// A channel that is for look-ups, by its port (RFC 7858, RFC 9250), by what it says that it speaks, or
  /// because a resolver that people know answers there.
  private mutating func noteLookups(
    _ facts: PacketFacts, name: UntrustedText?, protocols: [UntrustedText]
  ) {
    guard let server = Self.server(of: facts) else { return }
    let speaksDNS = protocols.contains { $0.isSameASCII(as: "dot") || $0.isSameASCII(as: "doq") }
    if server.port == 853 || speaksDNS { flows[.dnsOverTLS, default: Flows()].note(facts) }
    let isKnown =
      KnownResolvers.has(name) || server.name.map { KnownResolvers.has($0.text) } ?? false
      || KnownResolvers.has(server.address)
    if server.port == 443, isKnown { flows[.dnsOverHTTPS, default: Flows()].note(facts) }
  }

  private static func server(of facts: PacketFacts) -> Endpoint? {
    facts.isFromInitiator ? facts.destination : facts.source
  }
}

/// Public resolvers that answer over HTTPS, by the names and addresses that browsers and systems have
/// in their lists.
enum KnownResolvers {
  private static let names: Set<String> = [
    "1dot1dot1dot1.cloudflare-dns.com", "chrome.cloudflare-dns.com", "cloudflare-dns.com",
    "chromium.dns.nextdns.io", "dns.adguard-dns.com", "dns.adguard.com", "dns.alidns.com",
    "dns.cloudflare.com", "dns.digitale-gesellschaft.ch", "dns.google", "dns.mullvad.net",
    "dns.nextdns.io", "dns.quad9.net", "dns.switch.ch", "dns0.eu", "dns10.quad9.net",
    "dns11.quad9.net", "dns9.quad9.net", "doh.cleanbrowsing.org", "doh.dns.sb", "doh.libredns.gr",
    "doh.opendns.com", "doh.pub", "doh.xfinity.com", "family.cloudflare-dns.com",
    "firefox.dns.nextdns.io", "freedns.controld.com", "mozilla.cloudflare-dns.com",
    "odvr.nic.cz", "one.one.one.one", "security.cloudflare-dns.com", "unfiltered.adguard-dns.com",
  ]
  private static let addresses: Set<String> = [
    "1.0.0.1", "1.1.1.1", "149.112.112.112", "208.67.220.220", "208.67.222.222", "8.8.4.4",
    "8.8.8.8", "9.9.9.9", "2001:4860:4860::8844", "2001:4860:4860::8888", "2606:4700:4700::1001",
    "2606:4700:4700::1111", "2620:fe::9", "2620:fe::fe",
  ]

  static func has(_ name: String) -> Bool { names.contains(name.lowercased()) }

  static func has(_ name: UntrustedText?) -> Bool {
    name.map { has(String(decoding: $0.octets, as: UTF8.self)) } ?? false
  }

  static func has(_ address: IPAddress) -> Bool { addresses.contains("\(address)") }
}
