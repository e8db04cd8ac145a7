import FlowAnalysis
import PacketWire

extension PageStory {
  mutating func tls(_ tls: TLSFacts, _ scene: TCPScene) -> Passage {
    var sentence = Sentence()
    var phase = StoryPhase.encryption
    if let hello = tls.clientHello {
      clientHello(hello, scene, &sentence)
    } else if let hello = tls.serverHello {
      serverHello(hello, tls, scene, &sentence)
    } else if let certificate = tls.certificate {
      sentence.add("Certificate: that of \(scene.sender) \(Self.certificate(certificate))")
      let others = Self.names(tls.messages.filter { $0 != 11 })
      if !others.isEmpty { sentence.add(" With it \(others).") }
    } else if tls.isLost {
      sentence.add("TLS: \(Words.count(Int64(scene.tcp.positions.count), "byte")) from ")
      sentence.add("\(scene.sender), whose records can no longer be told apart.")
      phase = .transfer
    } else {
      phase = records(tls, scene, &sentence)
    }
    noteCauses(tls, scene, &sentence)
    summary.note(tls, scene.facts)
    scene.addRemarks(&sentence)
    return Passage(.presentation, "TLS", phase, sentence)
  }

  /// Each message of the handshake answers the other side's last one, the first follows from the
  /// connection's opening, and the first data behind the other side's from those.
  private mutating func noteCauses(
    _ tls: TLSFacts, _ scene: TCPScene, _ sentence: inout Sentence
  ) {
    let side = scene.tcp.sender == .client ? 0 : 1
    let last = scene.facts.flow.flatMap { flows[$0]?.lastTLS } ?? [nil, nil]
    if let answered = last[1 - side] {
      if tls.alertOctets == 0, last[side].map({ $0.number < answered.number }) ?? true {
        sentence.follow(answered)
      }
    } else if tls.clientHello != nil, let handshake = scene.tcp.handshake {
      for mark in [handshake.syn, handshake.synAck, handshake.ack] { sentence.follow(mark) }
    }
    remember(scene.facts) { $0.lastTLS[side] = scene.mark }
  }

  private func clientHello(
    _ hello: TLSClientHello, _ scene: TCPScene, _ sentence: inout Sentence
  ) {
    sentence.add("ClientHello: \(scene.sender) offers \(Self.version(hello.version))")
    if let name = hello.serverName {
      sentence.add(" and names the site it wants, \(Words.safe(name, 60)), for all to read")
    }
    if !hello.applicationProtocols.isEmpty {
      let names = hello.applicationProtocols.map { Words.safe($0, 12) }
      sentence.add(ifRoom: "; inside it would speak \(names.joined(separator: " or "))")
    }
    sentence.add(".")
    if hello.hasEncryptedHello {
      sentence.add(ifRoom: " The name may be a front: an enciphered hello goes with it.")
    }
  }

  private func serverHello(
    _ hello: TLSServerHello, _ tls: TLSFacts, _ scene: TCPScene, _ sentence: inout Sentence
  ) {
    if hello.isRetryRequest {
      return sentence.add("HelloRetryRequest: \(scene.sender) wants a ClientHello with other keys.")
    }
    sentence.add("ServerHello: \(scene.sender) chooses \(Self.version(hello.version)) ")
    sentence.add("(\(Self.cipherSuite(hello.cipherSuite))). ")
    sentence.add(
      hello.version >= 0x0304
        ? "All that follows is enciphered, the certificate too."
        : tls.certificate.map { "Its certificate, in the clear, \(Self.certificate($0))" }
          ?? "Its certificate and keys follow in the clear; data will be enciphered.")
    let others = Self.names(tls.messages.filter { $0 != 2 && $0 != 11 })
    if !others.isEmpty { sentence.add(" With it \(others).") }
  }

  /// "ServerKeyExchange and ServerHelloDone"; empty for none.
  private static func names(_ messages: [UInt8]) -> String {
    Words.list(
      messages.map { TLSHandshakeHeader.name(of: $0) ?? "a message of type \($0)" }, limit: 6)
  }

  /// IANA's name, or the number.
  static func cipherSuite(_ number: UInt16) -> String {
    if let name = TLSCipherSuite.name(of: number) { return name }
    let digits = String(number, radix: 16)
    return "cipher suite 0x\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)"
  }

  /// Whom a certificate is for, and who says so.
  private static func certificate(_ certificate: TLSCertificate) -> String {
    var text = "is "
    if let holder = certificate.holder, !holder.isEmpty {
      text += "for \(Words.target(holder, 36))"
      if certificate.nameCount > 1 {
        text += " and \(Words.count(Int64(certificate.nameCount - 1), "other name"))"
      }
    } else {
      text += "for nobody by name"
    }
    // Runs of blanks are no names' doing.
    let issuer = certificate.issuer.map {
      Words.safe($0, 24).split(separator: " ").joined(separator: " ")
    }
    if let issuer, !issuer.isEmpty { text += ", says \(issuer)" }
    if let end = certificate.notAfter { text += ", until \(end.description.prefix(10))" }
    return text + "."
  }

  /// The record of an alert in TLS 1.3: header, alert, inner type and seal (RFC 8446 §5.2, §6).
  private static let sealedAlert = 5 + 2 + 1 + 16

  private func records(
    _ tls: TLSFacts, _ scene: TCPScene, _ sentence: inout Sentence
  ) -> StoryPhase {
    let count = Words.count(Int64(scene.tcp.positions.count), "byte")
    if tls.dataOctets > 0, tls.changeCipherOctets > 0, scene.tcp.sender == .client {
      // TLS 1.3's Finished is the first that a client enciphers (RFC 8446 §4.4.4).
      let isAlone = tls.dataOctets <= TLSMarks.longestFinished
      sentence.add("TLS: \(scene.sender) changes to enciphered records and confirms the keys ")
      sentence.add(
        isAlone ? "(Finished, \(count))." : "(Finished), and says more that cannot be seen ")
      sentence.add(isAlone ? "" : "(\(count)).")
      return isAlone ? .encryption : .transfer
    }
    if tls.dataOctets == Self.sealedAlert, tls.dataRecords.count == 1, tls.isEnciphered {
      sentence.add("TLS: \(count) from \(scene.sender), enciphered: as long as an alert is, ")
      sentence.add("most likely that it will send no more.")
      return .teardown
    }
    if tls.dataOctets > 0 {
      sentence.add("TLS: \(count) from \(scene.sender), enciphered: ")
      sentence.add("what they say cannot be seen.")
      return .transfer
    }
    let names = Self.names(tls.messages)
    if tls.changeCipherOctets > 0 {
      sentence.add(names.isEmpty ? "TLS: " : "\(names). Then ")
      sentence.add("\(scene.sender) changes to enciphered records from here on (\(count)).")
    } else if tls.alertOctets > 0 {
      sentence.add("TLS: an alert from \(scene.sender)\(tls.isEnciphered ? ", enciphered" : "").")
      return .teardown
    } else if !names.isEmpty {
      sentence.add("\(names): \(count) more of the handshake from \(scene.sender).")
    } else {
      sentence.add("TLS: \(count) more of the handshake from \(scene.sender)")
      sentence.add(tls.isEnciphered ? ", enciphered." : ": keys and certificates.")
    }
    return .encryption
  }

  /// The name of a version number (RFC 8446 §4.2.1).
  static func version(_ version: UInt16) -> String {
    switch version {
    case 0x0300: "SSL 3.0"
    case 0x0301: "TLS 1.0"
    case 0x0302: "TLS 1.1"
    case 0x0303: "TLS 1.2"
    case 0x0304: "TLS 1.3"
    default: "TLS version 0x\(String(version, radix: 16))"
    }
  }
}
