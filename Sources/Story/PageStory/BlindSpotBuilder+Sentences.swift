import FlowAnalysis
import PacketWire

extension BlindSpotBuilder {
  /// Names of flows that a sentence lists.
  private static let maximumListed = 6

  /// What is hidden, each with why and how to see it.
  var spots: [BlindSpot] {
    BlindSpot.Kind.allCases.compactMap { kind in
      guard let list = flows[kind]?.list, !list.isEmpty else { return nil }
      let named = list.map { "\($0.flow) with \(Words.who($0.server))" }
      return spot(kind, on: Words.list(named, limit: Self.maximumListed), isOne: list.count == 1)
    }
  }

  private func spot(_ kind: BlindSpot.Kind, on flows: String, isOne: Bool) -> BlindSpot? {
    switch kind {
    case .tls:
      BlindSpot(
        kind: kind, what: "What was said on \(flows) is enciphered by TLS:",
        why: "names, pages and answers are hidden, sizes and times are not.",
        how:
          "Let the client write its keys (SSLKEYLOGFILE=keys.txt curl ..., and browsers alike) and "
          + "give that file to Wireshark; or look into the log of either side.")
    case .certificate:
      BlindSpot(
        kind: kind, what: "The certificate of the server on \(flows) is not to be seen:",
        why: "TLS 1.3 enciphers it, for both sides have keys after their hellos.",
        how:
          "Ask the server for it: openssl s_client -connect NAME:443 -servername NAME -showcerts.")
    case .encryptedHello:
      BlindSpot(
        kind: kind, what: "The name in the hello of \(flows) may be a front:",
        why:
          "an enciphered hello (ECH) went with it, with the true name or with nothing, as browsers "
          + "send it to hide who has something to hide.",
        how: "Only the client knows: its key log tells. A browser can be told to do without ECH.")
    case .quic:
      BlindSpot(
        kind: kind, what: "What was said on \(flows) is enciphered by QUIC:",
        why: "of HTTP/3 even headers, acknowledgments and the end of a connection are hidden.",
        how: "Use the client's key log with Wireshark, as for TLS; or load the page over TCP "
          + "(curl --http1.1, a browser without QUIC).")
    case .dnsOverTLS:
      BlindSpot(
        kind: kind, what: "Names were looked up on \(flows), and cannot be read:",
        why: "\(isOne ? "it speaks" : "they speak") DNS over TLS or QUIC (port 853), which hides "
          + "questions and answers.",
        how:
          "Let the system ask in the clear while you look, such as with DNSOverTLS=no in resolved.conf, "
          + "or look into the resolver's log.")
    case .dnsOverHTTPS:
      BlindSpot(
        kind: kind, what: "Names were most likely looked up on \(flows), and cannot be read:",
        why: "a known resolver answers there over HTTPS (DoH), which looks like any page.",
        how:
          "Turn secure DNS off in the browser's settings while you look; then it asks the system's "
          + "resolver.")
    default: nil
    }
  }
}

extension SummaryBuilder {
  /// The most names that a sentence lists.
  private static let maximumListed = 6

  /// Servers whose address no DNS answer gave; resolvers have none.
  var cachedNames: BlindSpot? {
    var addresses: [String] = []
    let servers = built.handshakes.map(\.server) + hiddenServers
    for server in servers where server.name == nil && server.port != 53 && server.port != 853 {
      let address = "\(server.address)"
      if !addresses.contains(address) { addresses.append(address) }
    }
    guard !addresses.isEmpty else { return nil }
    return BlindSpot(
      kind: .cachedNames,
      what:
        "No DNS answer in this capture gave \(Words.list(addresses, limit: Self.maximumListed)):",
      why:
        "the name was in a cache or a hosts file, was asked for over an enciphered channel, or was "
        + "not needed.",
      how: "Empty the caches and load again: resolvectl flush-caches, and a browser's own (a fresh "
        + "profile has none). Capture on \"any\": a resolver on this host is asked over the loopback."
    )
  }

  /// Packets that the capture lacks, or has otherwise than the wire.
  func missingPackets(_ counts: AnalysisCounts) -> [BlindSpot] {
    var spots: [BlindSpot] = []
    let late = built.flows.filter(\.beginsMidStream).map { "\($0.id)" }
    if !late.isEmpty {
      let names = Words.list(late, limit: Self.maximumListed)
      spots.append(
        BlindSpot(
          kind: .beginning, what: "The beginning of \(names) is not in this capture.",
          why: "It began later than the connection, or a filter left it out.",
          how: "Begin before the client does: sniff-swift --story -- COMMAND."))
    }
    if counts.gaps > 0 {
      let places = Words.count(counts.gaps, "place")
      spots.append(
        BlindSpot(
          kind: .gaps,
          what: "\(Words.count(counts.gapOctets, "byte")) that were sent are not here (\(places)).",
          why: "They took another way, or the capture dropped them.",
          how: "Capture where all packets pass, and into a file (-w), which is faster than text."))
    }
    if cutPackets > 0 {
      spots.append(
        BlindSpot(
          kind: .cutFrames, what: "\(Words.count(cutPackets, "packet")) captured only in part:",
          why: "the snapshot length cut the rest.", how: "Capture whole packets: -s 0, the default."
        ))
    }
    if joinedFrames > 0 {
      spots.append(
        BlindSpot(
          kind: .joinedFrames,
          what: "\(Words.count(joinedFrames, "frame")) longer than a segment may be:",
          why:
            "the network card or the kernel cuts or joins them, and the wire has more and shorter ones.",
          how: "Switch that off while you look: ethtool -K INTERFACE tso off gso off gro off."))
    }
    return spots
  }
}
