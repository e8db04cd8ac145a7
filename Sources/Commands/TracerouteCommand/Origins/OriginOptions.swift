import AddressOrigins
import CommandLineKit
import CountryData
import LinuxSystem
import NameResolution
import OriginLookUp
import PacketWire

/// What the command line says about who runs addresses.
struct OriginOptions: Hashable, Sendable {
  /// Ask the DNS.
  var asks = false
  /// A table to look into first.
  var file: String?
  /// Whom to ask.
  var zone: String?

  /// A file of countries.
  var countryFile: String?

  /// Anything at all is to be looked up.
  var areWanted: Bool { namesSystems || countryFile != nil }
  /// Systems are.
  var namesSystems: Bool { asks || file != nil }

  /// What looks origins up; nil where nothing is to be. Without `asks` nothing is ever sent.
  func lookUp() throws -> HostOrigins? {
    guard areWanted else { return nil }
    let table = try file.map { try OriginTable.read(from: $0) }
    let countries = try countryFile.map { try CountryFile.read(from: $0) }
    guard asks else { return try HostOrigins(table: table, resolver: nil, countries: countries) }
    let zone = self.zone.flatMap { DNSName($0) }.map { OriginZone($0) } ?? .cymru
    return try HostOrigins(
      table: table,
      resolver: .init(zone: zone, servers: try NameServers.configured()), countries: countries)
  }
}

extension TracerouteOptions {
  static func sayOrigins(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("Who runs the routers")
    options.flag(
      "A", "as-path-lookups",
      help: """
        show the number of the autonomous system behind each address; asks the name servers of this host \
        for records of asn.cymru.com
        """
    ) { $0.origins.asks = true }
    options.text(
      nil, "asn-zone", "ZONE", help: "ask for records of this zone, not asn.cymru.com; with -A"
    ) { options, value throws(UsageError) in
      guard DNSName(value) != nil else {
        throw UsageError(
          "\(UsageError.quoted(value)) is no name of a zone, such as asn.example.com")
      }
      (options.origins.zone, options.origins.asks) = (value, true)
    }
    options.string(
      nil, "asn-file", "FILE",
      help: """
        look into this table first (iptoasn.com's, CAIDA's prefix2as, or lines of PREFIX NUMBER [NAME]); \
        without -A nobody is asked
        """
    ) { $0.origins.file = $1 }
    options.string(
      nil, "country-file", "FILE",
      help: "show the country of each address by a MaxMind file (.mmdb)"
    ) { $0.origins.countryFile = $1 }
  }
}
