import PacketWire

// What a story needs of a handshake. Where a length in it does not fit, what was read so far counts.

extension TLSClientHello {
  /// How many protocols are kept: more are no list to choose from.
  private static let maximumProtocols = 8

  /// Reads the body of a ClientHello (RFC 8446 §4.1.2); nil when it is too short for one.
  init?(_ body: Span<UInt8>) {
    guard body.count >= 35 else { return nil }
    version = body.u16(at: 0)
    var reader = PacketReader(body)
    guard let hello = try? ClientHello(parsing: &reader) else { return }
    version = hello.highestVersion
    serverName = hello.serverName.map { UntrustedText($0.span, limit: 255) }
    applicationProtocols = hello.applicationProtocols.prefix(Self.maximumProtocols)
      .map { UntrustedText($0.span, limit: 255) }
    hasEncryptedHello = hello.extensions.value(of: .encryptedClientHello) != nil
    message = hello
  }
}

extension TLSServerHello {
  /// Reads the body of a ServerHello (RFC 8446 §4.1.3); nil when it is too short for one.
  init?(_ body: Span<UInt8>) {
    var reader = PacketReader(body)
    guard let hello = try? ServerHello(parsing: &reader) else { return nil }
    version = hello.chosenVersion
    cipherSuite = hello.cipherSuite
    isRetryRequest = hello.isRetryRequest
    message = hello
  }
}

extension TLSCertificate {
  /// Reads the body of a Certificate message up to TLS 1.2; nil when it holds none.
  init?(_ body: Span<UInt8>) {
    var reader = PacketReader(body)
    guard let first = (try? TLSCertificates(parsing: &reader))?.certificates.first else {
      return nil
    }
    let certificate = X509Certificate(decoding: first.span)
    let names = certificate.alternativeNames
    nameCount = names.count
    let holder = names.lazy.compactMap { if case .dns(let name) = $0 { name } else { nil } }.first
    self.holder = (holder ?? certificate.subject.best).map { UntrustedText($0.span, limit: 255) }
    issuer = certificate.issuer.best.map { UntrustedText($0.span, limit: 255) }
    (notBefore, notAfter) = (certificate.notBefore, certificate.notAfter)
  }
}
