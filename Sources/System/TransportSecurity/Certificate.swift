internal import COpenSSL
import Glibc

/// A key and a certificate for it. They are made here, live in memory only, and go with the process.
///
/// Safe to use: it owns the only references that are kept, and frees each once.
@safe
struct Certificate: ~Copyable {
  /// `X509 *`.
  let certificate: OpaquePointer
  /// `EVP_PKEY *`, of the curve P-256.
  let key: OpaquePointer

  /// From a day ago, for clocks differ, until a week from now, in seconds.
  private static let validity = (from: -86_400, until: 7 * 86_400)

  /// A certificate of its own authority, which may sign others.
  static func authority(named name: String) throws(TLSError) -> Certificate {
    try unsafe Certificate(
      name,
      extensions: [
        (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
        (NID_key_usage, "critical,keyCertSign,cRLSign"),
        (NID_subject_key_identifier, "hash"),
      ])
  }

  /// A certificate for a server: `names` are `DNS:www.example.org` and `IP:192.0.2.1`.
  static func server(
    _ name: String, names: [String], signedBy authority: borrowing Certificate
  ) throws(TLSError) -> Certificate {
    try unsafe Certificate(
      name,
      extensions: [
        (NID_basic_constraints, "critical,CA:FALSE"),
        (NID_key_usage, "critical,digitalSignature"), (NID_ext_key_usage, "serverAuth"),
        (NID_subject_alt_name, names.joined(separator: ",")),
        (NID_subject_key_identifier, "hash"), (NID_authority_key_identifier, "keyid"),
      ], issuer: (authority.certificate, authority.key))
  }

  private init(
    _ name: String, extensions: [(identifier: CInt, value: String)],
    issuer: (certificate: OpaquePointer, key: OpaquePointer)? = nil
  ) throws(TLSError) {
    guard let key = unsafe copenssl_make_p256_key() else { throw TLSError("make a key") }
    guard let certificate = unsafe X509_new() else {
      unsafe EVP_PKEY_free(key)
      throw TLSError("make a certificate")
    }
    let isMade = unsafe Self.fill(
      certificate, key, name, extensions, issuer: issuer ?? (certificate, key))
    guard isMade else {
      unsafe X509_free(certificate)
      unsafe EVP_PKEY_free(key)
      throw TLSError("make a certificate for \(name)")
    }
    unsafe (self.certificate, self.key) = (certificate, key)
  }

  deinit {
    unsafe X509_free(certificate)
    unsafe EVP_PKEY_free(key)
  }

  /// What RFC 5280 §4.1 asks for. Every call gives 0, or nil, for a failure.
  @unsafe
  private static func fill(
    _ certificate: OpaquePointer, _ key: OpaquePointer, _ name: String,
    _ extensions: [(identifier: CInt, value: String)],
    issuer: (certificate: OpaquePointer, key: OpaquePointer)
  ) -> Bool {
    var random = SystemRandomNumberGenerator()
    // Positive, and not guessed (§4.1.2.2).
    let serial = UInt64.random(in: 1...UInt64(Int64.max), using: &random)
    unsafe X509_set_version(certificate, 2)
    guard unsafe ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1,
      unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), validity.from) != nil,
      unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), validity.until) != nil,
      unsafe X509_set_pubkey(certificate, key) == 1,
      let subject = unsafe X509_get_subject_name(certificate),
      // -1: the text ends with a zero; at the end; a set of its own.
      unsafe X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, name, -1, -1, 0) == 1,
      unsafe X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate)) == 1
    else { return false }
    for (identifier, value) in extensions {
      guard
        let part = unsafe copenssl_extension(issuer.certificate, certificate, identifier, value)
      else { return false }
      defer { unsafe X509_EXTENSION_free(part) }
      guard unsafe X509_add_ext(certificate, part, -1) == 1 else { return false }
    }
    return unsafe X509_sign(certificate, issuer.key, EVP_sha256()) > 0
  }

  /// The certificate as text (RFC 7468).
  func pem() throws(TLSError) -> String {
    guard let memory = unsafe copenssl_memory() else { throw TLSError("write a certificate") }
    defer { unsafe BIO_free(memory) }
    guard unsafe PEM_write_bio_X509(memory, certificate) == 1 else {
      throw TLSError("write a certificate")
    }
    return String(decoding: unsafe memory.takeOctets(), as: UTF8.self)
  }
}

extension OpaquePointer {
  /// All that a memory BIO holds. The corresponding C call is `BIO_read`.
  @unsafe
  func takeOctets() -> [UInt8] {
    let count = Int(clamping: unsafe copenssl_pending(self))
    guard count > 0 else { return [] }
    var octets = [UInt8](repeating: 0, count: count)
    // The library writes at most `count` octets.
    let got = unsafe octets.withUnsafeMutableBytes { bytes in
      unsafe BIO_read(self, bytes.baseAddress, CInt(clamping: bytes.count))
    }
    return got == count ? octets : Array(octets.prefix(max(0, Int(got))))
  }
}
