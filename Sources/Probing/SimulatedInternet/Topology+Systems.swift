import AddressOrigins
import LineFormat
public import PacketWire

extension Topology {
  /// Who runs networks.
  public struct AutonomousSystem: Hashable, Sendable {
    /// Its number.
    public var number: UInt32
    /// Its name, and whatever else is said of it.
    public var name: String
    /// The networks that it announces; a longer prefix of somebody else's goes before.
    public var prefixes: [IPPrefix]

    /// A system from its parts.
    public init(number: UInt32, name: String, prefixes: [IPPrefix]) {
      (self.number, self.name, self.prefixes) = (number, name, prefixes)
    }
  }

  /// A lab file has so many systems at most.
  public static let maximumSystems = 1000

  /// What the DNS says of all systems and of the nodes' addresses, as Team Cymru's zone would say it.
  var systemRecords: [DNSRecord] {
    guard !systems.isEmpty else { return [] }
    let addresses = Set(nodes.flatMap(\.addresses.all)).sorted()
    let origins = addresses.compactMap { address -> DNSRecord? in
      guard let text = origin(of: address) else { return nil }
      return Self.record(OriginZone.cymru.name(of: address), text)
    }
    let names = systems.compactMap { system in
      Self.record(
        OriginZone.cymru.name(ofSystem: system.number),
        "\(system.number) | ZZ | lab | 2008-12-01 | \(system.name)")
    }
    return origins + names
  }

  /// The systems that announce the longest prefix that holds the address. The country is one that nobody
  /// has (ISO 3166-1), the day that of RFC 5398.
  private func origin(of address: IPAddress) -> String? {
    var (longest, numbers): (IPPrefix?, [UInt32]) = (nil, [])
    for system in systems {
      for prefix in system.prefixes where prefix.contains(address) {
        let length = longest.map { Int($0.length) } ?? -1
        if prefix.length > length { (longest, numbers) = (prefix, []) }
        if prefix == longest { numbers.append(system.number) }
      }
    }
    guard let longest else { return nil }
    let list = numbers.map { "\($0)" }.joined(separator: " ")
    return "\(list) | \(longest) | ZZ | lab | 2008-12-01"
  }

  private static func record(_ name: DNSName?, _ text: String) -> DNSRecord? {
    name.map {
      DNSRecord($0, .txt, timeToLive: recordTimeToLive, .txt([Array(text.utf8)]))
    }
  }
}

extension WordLine {
  /// Reads what stands behind `system`: a number, a name and at least one network.
  mutating func takeSystem() throws(LineError) -> Topology.AutonomousSystem {
    let number = try take("the number of an autonomous system, 1 to 4294967295") {
      LineValue.wholeNumber($0).flatMap { UInt32(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil }
    }
    // With what stands before it in its record, no longer than a string of the DNS may be.
    let name = try take("a name of at most 200 octets") {
      (1...200).contains($0.utf8.count) && IPPrefix($0) == nil ? $0 : nil
    }
    var prefixes: [IPPrefix] = []
    repeat {
      let prefix = try take("a network such as 198.18.0.0/15") {
        $0.contains("/") ? IPPrefix($0) : nil
      }
      guard prefix.first == prefix.address else {
        throw error("a network such as \(prefix.first)/\(prefix.length)", back: 1)
      }
      prefixes.append(prefix)
    } while nextWord != nil
    return .init(number: number, name: name, prefixes: prefixes)
  }
}
