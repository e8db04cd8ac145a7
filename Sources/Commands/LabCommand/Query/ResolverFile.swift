import LinuxSystem
import PacketWire

/// The DNS server that this host asks.
enum ResolverFile {
  static let path = "/etc/resolv.conf"

  /// The first server of /etc/resolv.conf, or this host itself where there is none (resolv.conf(5)).
  static func firstServer() throws(SystemError) -> String {
    let text = String(decoding: try readFile(path), as: UTF8.self)
    return firstServer(in: text) ?? "127.0.0.1"
  }

  static func firstServer(in text: String) -> String? {
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" }
      if words.count >= 2, words[0] == "nameserver" { return String(words[1]) }
    }
    return nil
  }
}
