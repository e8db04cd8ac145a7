import PacketWire

extension PacketPrinter {
  /// How many names of a certificate are told.
  private static let maximumNames = 16

  /// Appends a line below the segment's for each message of TLS that stands whole and in the clear in
  /// it: hellos, certificates and alerts. tcpdump says nothing of them.
  mutating func appendTLS(_ payload: Span<UInt8>, into out: inout TextBuffer) {
    var reader = PacketReader(payload)
    var handshake = TLSHandshakeAssembler()
    while let header = try? TLSRecordHeader(parsing: &reader), header.isPlausible,
      let body = try? reader.take(Int(header.bodyLength), for: .tls)
    {
      switch header.type {
      case .handshake:
        handshake.append(body)
        while let message = handshake.next() { append(message, into: &out) }
        if handshake.isLost { return }
      case .alert: append(alert: body, into: &out)
      // What follows is enciphered (RFC 5246 §7.1), in TLS 1.3 already where data comes.
      case .changeCipherSpec, .applicationData: return
      case .heartbeat, nil: break
      }
    }
  }

  private func append(
    _ message: TLSHandshakeAssembler.Message, into out: inout TextBuffer
  ) {
    var reader = PacketReader(message.body.span)
    switch message.type {
    case ClientHello.handshakeType:
      guard let hello = try? ClientHello(parsing: &reader) else { return }
      append(hello, into: &out)
    case ServerHello.handshakeType:
      guard let hello = try? ServerHello(parsing: &reader) else { return }
      append(hello, into: &out)
    case TLSCertificates.handshakeType:
      guard let message = try? TLSCertificates(parsing: &reader) else { return }
      // The sender's own comes first; who vouches for it is told at `-vv`.
      for certificate in message.certificates.prefix(options.verbosity > 1 ? .max : 1) {
        append(X509Certificate(decoding: certificate.span), into: &out)
      }
    default: return
    }
  }

  /// Appends what a client offers, at `-vv` with all its lists.
  private func append(_ hello: ClientHello, into out: inout TextBuffer) {
    out.append("\n\tTLS ClientHello, ")
    out.append(tlsVersion: hello.highestVersion)
    if let name = hello.serverName {
      out.append(", name ")
      out.append(untrusted: name.span)
    }
    append(protocols: hello.applicationProtocols, into: &out)
    guard options.verbosity > 1 else { return }
    append(", versions", hello.supportedVersions, into: &out) { $1.append(tlsVersion: $0) }
    append(", groups", hello.supportedGroups, into: &out) { $1.append(tlsGroup: $0) }
    append(", cipher suites", hello.cipherSuites, into: &out) { $1.append(tlsNumber: $0) }
  }

  private func append(_ hello: ServerHello, into out: inout TextBuffer) {
    out.append(hello.isRetryRequest ? "\n\tTLS HelloRetryRequest, " : "\n\tTLS ServerHello, ")
    out.append(tlsVersion: hello.chosenVersion)
    out.append(", cipher suite ")
    out.append(tlsNumber: hello.cipherSuite)
    if let name = hello.applicationProtocol { append(protocols: [name], into: &out) }
  }

  private func append(protocols: [[UInt8]], into out: inout TextBuffer) {
    guard !protocols.isEmpty else { return }
    out.append(", ALPN")
    for name in protocols {
      out.append(octet: 0x20)
      out.append(untrusted: name.span)
    }
  }

  /// Appends a list of numbers, each with a blank before it; nothing for an empty one.
  private func append(
    _ label: String, _ numbers: [UInt16], into out: inout TextBuffer,
    each body: (UInt16, inout TextBuffer) -> Void
  ) {
    guard !numbers.isEmpty else { return }
    out.append(label)
    for number in numbers {
      out.append(octet: 0x20)
      if number.isGREASE { out.append("GREASE") } else { body(number, &out) }
    }
  }

  private func append(_ certificate: X509Certificate, into out: inout TextBuffer) {
    out.append("\n\tTLS Certificate")
    if let name = certificate.subject.best {
      out.append(", subject ")
      out.append(untrusted: name.span)
    }
    let names = certificate.alternativeNames
    if !names.isEmpty { out.append(", names") }
    for name in names.prefix(Self.maximumNames) {
      out.append(octet: 0x20)
      switch name {
      case .dns(let name): out.append(untrusted: name.span)
      case .address(let address): out.append(address)
      }
    }
    if names.count > Self.maximumNames {
      out.append(" and ")
      out.append(decimal: names.count - Self.maximumNames)
      out.append(" more")
    }
    if let name = certificate.issuer.best {
      out.append(", issuer ")
      out.append(untrusted: name.span)
    }
    if let start = certificate.notBefore, let end = certificate.notAfter {
      out.append(", valid ")
      out.append(start.description)
      out.append(" to ")
      out.append(end.description)
    }
    if let problem = certificate.problem {
      out.append(" (")
      out.append(problem.description)
      out.append(octet: 0x29)
    }
  }

  /// RFC 8446 §6; a longer one is enciphered.
  private func append(alert body: Span<UInt8>, into out: inout TextBuffer) {
    var reader = PacketReader(body)
    guard body.count == TLSAlert.length, let alert = try? TLSAlert(parsing: &reader) else {
      return
    }
    out.append("\n\tTLS alert, ")
    switch alert.level {
    case 1: out.append("warning ")
    case 2: out.append("fatal ")
    default: break
    }
    if let name = alert.name {
      out.append(name)
    } else {
      out.append(decimal: alert.reason)
    }
  }
}

extension TextBuffer {
  fileprivate mutating func append(tlsVersion version: UInt16) {
    switch version {
    case 0x0300: append("SSL 3.0")
    case 0x0301...0x0304:
      append("TLS 1.")
      append(decimal: version - 0x0301)
    default: append(tlsNumber: version)
    }
  }

  /// Names of IANA's "TLS Supported Groups".
  fileprivate mutating func append(tlsGroup group: UInt16) {
    switch group {
    case 0x0017: append("secp256r1")
    case 0x0018: append("secp384r1")
    case 0x0019: append("secp521r1")
    case 0x001d: append("x25519")
    case 0x001e: append("x448")
    case 0x0100: append("ffdhe2048")
    case 0x0101: append("ffdhe3072")
    case 0x11ec: append("X25519MLKEM768")
    default: append(tlsNumber: group)
    }
  }

  fileprivate mutating func append(tlsNumber number: UInt16) {
    append("0x")
    append(hex: number)
  }
}
