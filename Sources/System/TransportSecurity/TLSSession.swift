internal import COpenSSL

/// One end of a TLS connection, between octets and octets: it has no socket.
///
/// Safe to use: it owns the only reference to the library's connection, which owns its two memories,
/// and frees it once.
@safe
public final class TLSSession {
  /// What became of the connection.
  public enum State: Hashable, Sendable {
    /// The handshake goes on, or the connection is open.
    case alive
    /// The other end has said that it says no more (close_notify).
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

  /// The server's end of a connection that is about to begin.
  public convenience init(as identity: ServerIdentity) throws(TLSError) {
    try unsafe self.init(SSL_new(identity.context))
    unsafe SSL_set_accept_state(connection)
  }

  /// The client's end of a connection to a server of this name or address, whose certificate comes
  /// from one of those whom the system trusts. Read once, and there is something to send.
  public convenience init(toServer name: String) throws(TLSError) {
    guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { throw TLSError("begin TLS") }
    // The connection has a reference of its own.
    defer { unsafe SSL_CTX_free(context) }
    guard unsafe copenssl_require_tls12(context) == 1,
      unsafe SSL_CTX_set_default_verify_paths(context) == 1
    else { throw TLSError("begin TLS") }
    unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    try unsafe self.init(SSL_new(context))
    unsafe SSL_set_connect_state(connection)
    // An address is no name to be asked for (RFC 6066 §3).
    if unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), name) == 1 { return }
    ERR_clear_error()
    guard unsafe SSL_set1_host(connection, name) == 1,
      unsafe copenssl_ask_for_server(connection, name) == 1
    else { throw TLSError("ask for \(name)") }
  }

  @unsafe
  private init(_ connection: OpaquePointer?) throws(TLSError) {
    guard let connection = unsafe connection else { throw TLSError("begin TLS") }
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
    unsafe (self.connection, self.incoming, self.outgoing) = (connection, incoming, outgoing)
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

  /// What is wrong with the other end's certificate, in the library's words; nil where nothing is
  /// known to be.
  public var certificateProblem: String? {
    let result = unsafe SSL_get_verify_result(connection)
    guard result != X509_V_OK else { return nil }
    return unsafe X509_verify_cert_error_string(result).map { unsafe String(cString: $0) }
  }

  /// What the other end has said, at most a record; goes on with the handshake where that is not over.
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
