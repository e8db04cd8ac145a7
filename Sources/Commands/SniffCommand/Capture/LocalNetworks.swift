import LinuxNet
import PacketText
import PacketWire

/// The IPv4 networks of the interfaces that are captured on, for `-f`.
struct LocalNetworks {
  private let prefixes: [IPPrefix]

  init(_ options: SniffOptions) {
    let interfaces = (try? NetworkInterface.all()) ?? []
    // "any" has no network of its own: all are local there.
    prefixes = interfaces.filter {
      options.interfaces.isEmpty || options.interfaces.contains("any")
        || options.interfaces.contains($0.name)
    }.flatMap(\.addresses)
  }

  /// The address is in one of them; IPv6 addresses are never foreign.
  func contains(_ address: IPAddress) -> Bool {
    guard case .v4 = address else { return true }
    return prefixes.contains { $0.contains(address) }
  }
}

extension PacketPrinter {
  /// Names are only asked for in these networks.
  mutating func limitNames(to networks: LocalNetworks) {
    guard let name = hostName else { return }
    hostName = { networks.contains($0) ? name($0) : nil }
  }
}
