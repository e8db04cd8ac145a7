import COpenSSL

/// OpenSSL's own client, without a socket. It trusts one authority and asks for one name.
@safe
final class TestTLSClient {
  private let context: OpaquePointer
  private let connection: OpaquePointer
  private let incoming: OpaquePointer
  private let outgoing: OpaquePointer

  init?(authority: String, name: String) {
    guard let context = unsafe SSL_CTX_new(TLS_client_method()),
      let memory = unsafe copenssl_memory(), let incoming = unsafe copenssl_memory(),
      let outgoing = unsafe copenssl_memory()
    else { return nil }
    unsafe BIO_write(memory, authority, CInt(authority.utf8.count))
    guard let certificate = unsafe PEM_read_bio_X509(memory, nil, nil, nil) else { return nil }
    unsafe BIO_free(memory)
    unsafe X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate)
    unsafe X509_free(certificate)
    unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    guard let connection = unsafe SSL_new(context) else { return nil }
    unsafe SSL_set1_host(connection, name)
    unsafe SSL_set_bio(connection, incoming, outgoing)
    unsafe SSL_set_connect_state(connection)
    unsafe (self.context, self.connection) = (context, connection)
    unsafe (self.incoming, self.outgoing) = (incoming, outgoing)
  }

  deinit {
    unsafe SSL_free(connection)
    unsafe SSL_CTX_free(context)
  }

  /// What the library says about the server's certificate; 0: it is good.
  var verification: Int { unsafe SSL_get_verify_result(connection) }
  var isOpen: Bool { unsafe SSL_is_init_finished(connection) == 1 }
  /// The server has said that it says no more.
  var hasServerEnded: Bool { unsafe SSL_get_shutdown(connection) & SSL_RECEIVED_SHUTDOWN != 0 }

  func receive(_ octets: [UInt8]) {
    unsafe octets.withUnsafeBytes { bytes in
      _ = unsafe BIO_write(incoming, bytes.baseAddress, CInt(bytes.count))
    }
  }

  /// What has come by now; goes on with the handshake.
  func read() -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 20_000)
    while true {
      var count = 0
      let result = unsafe SSL_read_ex(connection, &buffer, buffer.count, &count)
      guard result == 1 else { return all }
      all += buffer[..<count]
    }
  }

  func write(_ text: String) {
    var count = 0
    _ = unsafe SSL_write_ex(connection, text, text.utf8.count, &count)
  }

  func close() { unsafe SSL_shutdown(connection) }

  func takeOutput() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 100_000)
    let count = unsafe BIO_read(outgoing, &buffer, CInt(buffer.count))
    return Array(buffer.prefix(max(0, Int(count))))
  }
}
