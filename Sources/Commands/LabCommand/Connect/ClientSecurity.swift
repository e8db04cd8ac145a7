import TransportSecurity

/// What stands between what a client says and its socket: TLS, or nothing.
struct ClientSecurity {
  private let session: TLSSession?
  private var wasOpen = false

  /// For a server of this name.
  init(toServer name: String, isSecure: Bool) throws(TLSError) {
    session = isSecure ? try TLSSession(toServer: name) : nil
    // The handshake begins by reading.
    _ = session?.read()
  }

  /// Something can be said: all but the handshake.
  var isOpen: Bool { session?.isOpen ?? true }

  /// The handshake has come to its end since the last time that this was asked.
  mutating func hasJustOpened() -> Bool {
    guard let session, !wasOpen, session.isOpen else { return false }
    wasOpen = true
    return true
  }

  /// What octets from the socket say.
  func unpacked(_ octets: ArraySlice<UInt8>) -> [UInt8] {
    guard let session else { return Array(octets) }
    session.receive(octets)
    var all: [UInt8] = []
    while case let plain = session.read(), !plain.isEmpty { all += plain }
    return all
  }

  /// Octets for the socket: what is said, and what the handshake needs. Only once it is open.
  func packed(_ octets: [UInt8]) -> [UInt8] {
    guard let session else { return octets }
    var rest = octets[...]
    while !rest.isEmpty {
      session.write(rest.prefix(TLSSession.recordLength))
      rest = rest.dropFirst(TLSSession.recordLength)
    }
    return session.takeOutput()
  }

  /// Why nothing can be said any more; nil where it can.
  var problem: String? {
    guard let session, session.state == .failed else { return nil }
    let certificate = session.certificateProblem.map { "the server's certificate: \($0)" }
    return "no TLS: " + (certificate ?? "the server does not speak it as it should")
  }
}
