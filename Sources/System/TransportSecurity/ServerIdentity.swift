internal import COpenSSL

/// Who a TLS server says that it is, and the settings of its connections (TLS 1.2 and 1.3).
///
/// Safe to use: it owns the only reference to the library's context, and frees it once. The library
/// may use a context from several threads.
@safe
public final class ServerIdentity: @unchecked Sendable {
  /// `SSL_CTX *`.
  fileprivate let context: OpaquePointer
  /// The certificate of the authority, for those who are to trust the server: PEM (RFC 7468).
  public let authority: String

  /// Makes an authority, and a certificate from it for a server of these names and addresses, of which
  /// there is at least one. It takes about a millisecond.
  public init(names: [String], addresses: [String], authorityName: String) throws(TLSError) {
    let authority = try Certificate.authority(named: authorityName)
    let all = names.map { "DNS:\($0)" } + addresses.map { "IP:\($0)" }
    let server = try Certificate.server(
      names.first ?? addresses.first ?? "localhost", names: all, signedBy: authority)
    let text = try authority.pem()
    guard let context = unsafe SSL_CTX_new(TLS_server_method()) else {
      throw TLSError("prepare TLS")
    }
    // The context takes references of its own.
    let isReady =
      unsafe copenssl_require_tls12(context) == 1
      && SSL_CTX_use_certificate(context, server.certificate) == 1
      && SSL_CTX_use_PrivateKey(context, server.key) == 1
    guard isReady else {
      unsafe SSL_CTX_free(context)
      throw TLSError("use a certificate")
    }
    unsafe self.context = context
    self.authority = text
  }

  deinit { unsafe SSL_CTX_free(context) }
}

/// The server's end of a TLS connection, between octets and octets: it has no socket.
///
/// Safe to use: it owns the only reference to the library's connection, which owns its two memories,
/// and frees it once.
@safe
public final class TLSServerSession {
  /// What became of the connection.
  public enum State: Hashable, Sendable {
    /// The handshake goes on, or the connection is open.
    case alive
    /// The client has said that it says no more (close_notify).
    case ended
    /// One side has broken it off.
    case failed
  }

  /// At most so much is unpacked or packed at once, in octets: a record (RFC 8446 §5.1).
  public static let recordLength = 16_384

  private let connection: OpaquePointer
  private let incoming: OpaquePointer
  private let outgoing: OpaquePointer
  /// Whether it still lives.
  public private(set) var state = State.alive
  private let identity: ServerIdentity

  /// A connection that is about to begin.
  public init(_ identity: ServerIdentity) throws(TLSError) {
    guard let connection = unsafe SSL_new(identity.context) else { throw TLSError("begin TLS") }
    guard let incoming = unsafe copenssl_memory() else {
      unsafe SSL_free(connection)
      throw TLSError("begin TLS")
    }
    guard let outgoing = unsafe copenssl_memory() else {
      unsafe BIO_free(incoming)
      unsafe SSL_free(connection)
      throw TLSError("begin TLS")
    }
    unsafe SSL_set_bio(connection, incoming, outgoing)
    unsafe SSL_set_accept_state(connection)
    unsafe (self.connection, self.incoming, self.outgoing) = (connection, incoming, outgoing)
    self.identity = identity
  }

  deinit { unsafe SSL_free(connection) }

  /// The handshake is over: there may be something to read, and something can be written.
  public var isOpen: Bool {
    let isFinished = unsafe SSL_is_init_finished(connection) == 1
    return isFinished && state != .failed
  }

  /// Takes octets that have arrived.
  public func receive(_ octets: ArraySlice<UInt8>) {
    guard state == .alive, !octets.isEmpty else { return }
    unsafe octets.withUnsafeBytes { bytes in
      // A memory takes all of it, or there is no memory.
      let count = unsafe BIO_write(incoming, bytes.baseAddress, CInt(clamping: bytes.count))
      if count != bytes.count { state = .failed }
    }
  }

  /// What the client has said, at most a record; goes on with the handshake where that is not over.
  /// None for now, or at the end. The corresponding C call is `SSL_read`.
  public func read() -> [UInt8] {
    guard state == .alive else { return [] }
    var buffer = [UInt8](repeating: 0, count: Self.recordLength)
    var count = 0
    ERR_clear_error()
    let result = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe SSL_read_ex(connection, bytes.baseAddress, bytes.count, &count)
    }
    guard result != 1 else { return Array(buffer[..<count]) }
    switch unsafe SSL_get_error(connection, result) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: break
    case SSL_ERROR_ZERO_RETURN: state = .ended
    default: fail()
    }
    return []
  }

  /// Says something once the connection is open. The corresponding C call is `SSL_write`.
  public func write(_ octets: ArraySlice<UInt8>) {
    guard isOpen, !octets.isEmpty else { return }
    var count = 0
    ERR_clear_error()
    let result = unsafe octets.withUnsafeBytes { bytes in
      unsafe SSL_write_ex(connection, bytes.baseAddress, bytes.count, &count)
    }
    // A memory has always room for all of it.
    if result != 1 || count != octets.count { fail() }
  }

  /// Says that nothing more is said (close_notify, RFC 8446 §6.1). The C call is `SSL_shutdown`.
  public func close() {
    guard isOpen else { return }
    unsafe SSL_shutdown(connection)
  }

  /// What is to be sent.
  public func takeOutput() -> [UInt8] { unsafe outgoing.takeOctets() }

  private func fail() {
    ERR_clear_error()
    state = .failed
  }
}
