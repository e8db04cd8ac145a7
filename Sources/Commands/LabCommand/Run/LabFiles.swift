import LinuxNet
import LinuxSystem
import PacketWire

/// The files that tell programs in the lab how names are looked up, and whom to trust.
struct LabFiles {
  /// Of the DNS server.
  var resolver: [IPAddress]
  /// The certificate of the lab's own authority, PEM; nil where there is none.
  var authority: String?

  /// Asks again soon, for a lab may be lossy.
  var resolverConfiguration: String {
    resolver.map { "nameserver \($0)\n" }.joined() + "options timeout:2 attempts:4\n"
  }

  /// Files and the DNS, and no service of the machine outside.
  static let nameServiceSwitch = """
    passwd: files
    group: files
    shadow: files
    hosts: files dns
    networks: files
    protocols: files
    services: files

    """

  static let hosts = """
    127.0.0.1 localhost
    ::1 localhost ip6-localhost ip6-loopback

    """

  /// Where systems keep the certificates that their programs trust: Debian and Arch, Fedora, SUSE,
  /// Alpine.
  private static let trustPaths = [
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
  ]

  /// Tells programs that would look elsewhere where that file is: OpenSSL's own, curl, Python's
  /// requests, Node.js.
  static var environment: [String: String] {
    guard let path = trustPaths.first(where: { fileExists($0) }) else { return [:] }
    let names = ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"]
    return Dictionary(uniqueKeysWithValues: names.map { ($0, path) })
  }

  /// Puts them in the places of the machine's own, in a mount namespace that nobody else sees.
  func install() throws(SystemError) {
    try Namespaces.enterNewMountNamespace()
    try replace("/etc/resolv.conf", with: resolverConfiguration)
    try replaceIfThere("/etc/nsswitch.conf", with: Self.nameServiceSwitch)
    try replaceIfThere("/etc/hosts", with: Self.hosts)
    // The C library asks a caching daemon first, which would answer for the network outside.
    try replaceIfThere("/run/nscd/socket", with: "")
    try replaceIfThere("/var/run/nscd/socket", with: "")
    // In here nobody else is to be trusted, for nobody else is there.
    guard let authority else { return }
    for path in Self.trustPaths { try replaceIfThere(path, with: authority) }
  }

  private func replace(_ path: String, with text: String) throws(SystemError) {
    try Namespaces.replaceFile(path, with: Array(text.utf8))
  }

  private func replaceIfThere(_ path: String, with text: String) throws(SystemError) {
    do throws(SystemError) {
      try replace(path, with: text)
    } catch {
      guard error.isNotFound else { throw error }
    }
  }
}
