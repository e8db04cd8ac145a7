internal import COpenSSL

/// Who a TLS server says that it is, and the settings of its connections (TLS 1.2 and 1.3).
///
/// Safe to use: it owns the only reference to the library's context, and frees it once. The library
/// may use a context from several threads.
@safe
public final class ServerIdentity: @unchecked Sendable {
  /// `SSL_CTX *`.
  let context: OpaquePointer
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
