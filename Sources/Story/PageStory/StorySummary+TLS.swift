public import FlowAnalysis
public import PacketWire

extension StorySummary {
  /// A connection of TLS, as far as its hellos are in the clear.
  public struct Encryption: Hashable, Sendable {
    /// The connection.
    public var flow: FlowID
    /// The packet in which the first ClientHello ends.
    public var clientHello: PacketMark?
    /// The packet in which the ServerHello ends; one that only asks for another ClientHello is none.
    public var serverHello: PacketMark?
    /// The site that the client wants, empty without one. Printable ASCII.
    public var site = ""
    /// Version and cipher suite that the server chose, empty without its hello. Printable ASCII.
    public var agreed = ""
    /// All that the client says, and the server; nil where a length in it does not fit.
    public var client: ClientHello?, server: ServerHello?

    /// What programs are known by, each with its name: whose it is, and in which packet. A hint and no
    /// proof.
    public var fingerprints: [(name: String, value: String, isClient: Bool, packet: Int)] {
      var list: [(name: String, value: String, isClient: Bool, packet: Int)] = []
      if let client, let packet = clientHello?.number {
        list.append(("JA3", client.ja3, true, packet))
        list.append(("JA4", client.ja4(isQUIC: false), true, packet))
      }
      if let server, let packet = serverHello?.number {
        list.append(("JA3S", server.ja3s, false, packet))
      }
      return list
    }
  }
}

extension SummaryBuilder {
  /// Notes hellos.
  mutating func note(_ tls: TLSFacts, _ facts: PacketFacts) {
    let server = tls.serverHello.flatMap { $0.isRetryRequest ? nil : $0 }
    guard let flow = facts.flow, tls.clientHello != nil || server != nil,
      let place = encryptionOfFlow[flow] ?? beginEncryption(flow)
    else { return }
    if let hello = tls.clientHello, built.encryptions[place].clientHello == nil {
      built.encryptions[place].clientHello = facts.mark
      built.encryptions[place].site = hello.serverName.map { Words.safe($0, 60) } ?? ""
      built.encryptions[place].client = hello.message
    }
    if let server, built.encryptions[place].serverHello == nil {
      built.encryptions[place].serverHello = facts.mark
      built.encryptions[place].agreed =
        "\(PageStory.version(server.version)), \(PageStory.cipherSuite(server.cipherSuite))"
      built.encryptions[place].server = server.message
    }
  }

  private mutating func beginEncryption(_ flow: FlowID) -> Int? {
    guard built.encryptions.count < Self.maximumLines else {
      built.omitted += 1
      return nil
    }
    built.encryptions.append(StorySummary.Encryption(flow: flow))
    encryptionOfFlow[flow] = built.encryptions.count - 1
    return built.encryptions.count - 1
  }
}
