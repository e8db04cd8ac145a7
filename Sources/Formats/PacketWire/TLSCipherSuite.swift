/// Names of the cipher suites that are met (IANA "TLS Cipher Suites").
public enum TLSCipherSuite {
  /// Such as "TLS_AES_128_GCM_SHA256"; nil for a number without a name here.
  public static func name(of number: UInt16) -> String? {
    if let name = modern(number) { return "TLS_" + name }
    return (ephemeral(number) ?? old(number)).map { "TLS_" + $0 }
  }

  /// RFC 8446 §B.4, and those with a seal before it (RFC 5289, RFC 7251, RFC 7905).
  private static func modern(_ number: UInt16) -> String? {
    switch number {
    case 0x1301: "AES_128_GCM_SHA256"
    case 0x1302: "AES_256_GCM_SHA384"
    case 0x1303: "CHACHA20_POLY1305_SHA256"
    case 0x1304: "AES_128_CCM_SHA256"
    case 0x1305: "AES_128_CCM_8_SHA256"
    case 0xc02b: "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    case 0xc02c: "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    case 0xc02f: "ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    case 0xc030: "ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    case 0xc0ac: "ECDHE_ECDSA_WITH_AES_128_CCM"
    case 0xc0ad: "ECDHE_ECDSA_WITH_AES_256_CCM"
    case 0xc0ae: "ECDHE_ECDSA_WITH_AES_128_CCM_8"
    case 0xc0af: "ECDHE_ECDSA_WITH_AES_256_CCM_8"
    case 0xcca8: "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    case 0xcca9: "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    case 0xccaa: "DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    default: nil
    }
  }

  /// Older ones with keys of their own for each connection (RFC 4492, RFC 5246, RFC 5288, RFC 5289).
  private static func ephemeral(_ number: UInt16) -> String? {
    switch number {
    case 0x0016: "DHE_RSA_WITH_3DES_EDE_CBC_SHA"
    case 0x0032: "DHE_DSS_WITH_AES_128_CBC_SHA"
    case 0x0033: "DHE_RSA_WITH_AES_128_CBC_SHA"
    case 0x0038: "DHE_DSS_WITH_AES_256_CBC_SHA"
    case 0x0039: "DHE_RSA_WITH_AES_256_CBC_SHA"
    case 0x0045: "DHE_RSA_WITH_CAMELLIA_128_CBC_SHA"
    case 0x0067: "DHE_RSA_WITH_AES_128_CBC_SHA256"
    case 0x006b: "DHE_RSA_WITH_AES_256_CBC_SHA256"
    case 0x0088: "DHE_RSA_WITH_CAMELLIA_256_CBC_SHA"
    case 0x009e: "DHE_RSA_WITH_AES_128_GCM_SHA256"
    case 0x009f: "DHE_RSA_WITH_AES_256_GCM_SHA384"
    case 0xc007: "ECDHE_ECDSA_WITH_RC4_128_SHA"
    case 0xc008: "ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"
    case 0xc009: "ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
    case 0xc00a: "ECDHE_ECDSA_WITH_AES_256_CBC_SHA"
    case 0xc011: "ECDHE_RSA_WITH_RC4_128_SHA"
    case 0xc012: "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"
    case 0xc013: "ECDHE_RSA_WITH_AES_128_CBC_SHA"
    case 0xc014: "ECDHE_RSA_WITH_AES_256_CBC_SHA"
    case 0xc023: "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"
    case 0xc024: "ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"
    case 0xc027: "ECDHE_RSA_WITH_AES_128_CBC_SHA256"
    case 0xc028: "ECDHE_RSA_WITH_AES_256_CBC_SHA384"
    default: nil
    }
  }

  /// With the certificate's own key (RFC 5246 §A.5, RFC 5288, RFC 4132).
  private static func old(_ number: UInt16) -> String? {
    switch number {
    case 0x0004: "RSA_WITH_RC4_128_MD5"
    case 0x0005: "RSA_WITH_RC4_128_SHA"
    case 0x000a: "RSA_WITH_3DES_EDE_CBC_SHA"
    case 0x002f: "RSA_WITH_AES_128_CBC_SHA"
    case 0x0035: "RSA_WITH_AES_256_CBC_SHA"
    case 0x003c: "RSA_WITH_AES_128_CBC_SHA256"
    case 0x003d: "RSA_WITH_AES_256_CBC_SHA256"
    case 0x0041: "RSA_WITH_CAMELLIA_128_CBC_SHA"
    case 0x0084: "RSA_WITH_CAMELLIA_256_CBC_SHA"
    case 0x009c: "RSA_WITH_AES_128_GCM_SHA256"
    case 0x009d: "RSA_WITH_AES_256_GCM_SHA384"
    default: nil
    }
  }
}
