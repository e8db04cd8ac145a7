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
    } else if tls.isLost {
      sentence.add("TLS: \(Words.count(Int64(scene.tcp.positions.count), "byte")) from ")
      sentence.add("\(scene.sender), whose records can no longer be told apart.")
      phase = .transfer
    } else {
      phase = records(tls, scene, &sentence)
    }
    scene.addRemarks(&sentence)
    return Passage(.presentation, "TLS", phase, sentence)
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
    let suite = String(hello.cipherSuite, radix: 16)
    sentence.add("ServerHello: \(scene.sender) chooses \(Self.version(hello.version)) ")
    sentence.add(
      "(cipher suite 0x\(String(repeating: "0", count: 4 - suite.utf8.count))\(suite)). ")
    sentence.add(
      hello.version >= 0x0304
        ? "All that follows is enciphered, the certificate too."
        : tls.certificate.map { "Its certificate, in the clear, \(Self.certificate($0))" }
          ?? "Its certificate and keys follow in the clear; data will be enciphered.")
  }

  /// Whom a certificate is for, and who says so.
  private static func certificate(_ certificate: TLSCertificate) -> String {
    var text = "is "
    if let holder = certificate.holder, !holder.isEmpty {
      text += "for \(Words.target(holder, 40))"
      if certificate.nameCount > 1 {
        text += " and \(Words.count(Int64(certificate.nameCount - 1), "other name"))"
      }
    } else {
      text += "for nobody by name"
    }
    // Runs of blanks are no names' doing.
    let issuer = certificate.issuer.map {
      Words.safe($0, 30).split(separator: " ").joined(separator: " ")
    }
    if let issuer, !issuer.isEmpty { text += ", says \(issuer)" }
    if let end = certificate.notAfter { text += ", until \(end)" }
    return text + "."
  }

  private func records(
    _ tls: TLSFacts, _ scene: TCPScene, _ sentence: inout Sentence
  ) -> StoryPhase {
    let count = Words.count(Int64(scene.tcp.positions.count), "byte")
    if tls.dataOctets > 0 {
      sentence.add("TLS: \(count) from \(scene.sender), enciphered: ")
      sentence.add("what they say cannot be seen.")
      return .transfer
    }
    if tls.changeCipherOctets > 0 {
      sentence.add("TLS: \(scene.sender) changes to enciphered records from here on (\(count)).")
    } else if tls.alertOctets > 0 {
      sentence.add("TLS: an alert from \(scene.sender)\(tls.isEnciphered ? ", enciphered" : "").")
      return .teardown
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
