public import LinuxNet
public import NameResolution
public import PacketWire

/// The host that a tool was told to probe.
public struct ProbeTarget: Hashable, Sendable {
  /// As it was typed.
  public var host: String
  /// Its address, with a scope where it has one.
  public var endpoint: Endpoint
  /// It was typed as an address.
  public var isNumeric: Bool

  /// Looks `host` up and takes the first of its addresses.
  ///
  /// - Parameters:
  ///   - host: a name or an address.
  ///   - family: the only family that will do, if there is one.
  ///   - preferred: the family to take where there are addresses of both; the resolver's order
  ///     (RFC 6724) where there is no such preference.
  /// - Throws: why there is no such address.
  public init(
    _ host: String, family: IPFamily?, preferring preferred: IPFamily? = nil
  ) throws(ResolutionError) {
    let endpoints = try NameResolver.addresses(of: host, family: family)  // at least one
    self.host = host
    endpoint = endpoints.first { $0.address.family == preferred } ?? endpoints[0]
    isNumeric = IPAddress(host) != nil || host.contains("%")
  }
}
