import PacketWire

/// Which inner ports stand behind which outer ones, of one protocol: the memory of an address translator.
///
/// Mappings do not depend on the peer, and neither does who may use them ("endpoint-independent",
/// RFC 4787 §4.1, §5); identifiers of echo requests are ports here (RFC 5508 §3.1).
struct PortMappings: Sendable {
  /// Someone inside.
  struct Inner: Hashable, Sendable {
    var address: IPv4Address
    var port: UInt16
  }

  private struct Mapping: Sendable {
    var inner: Inner
    var expires: MonotonicInstant
  }

  /// So many are kept.
  static let maximum = 8192

  private let lifetime: Nanoseconds
  private var outer: [Inner: UInt16] = [:]
  private var mappings: [UInt16: Mapping] = [:]

  /// No mappings yet; each ends when it was not used for `lifetime`.
  init(lifetime: Nanoseconds) { self.lifetime = lifetime }

  /// The outer port of somebody inside: the same number if it is free (RFC 4787 §4.2.1), else the next
  /// one that is; `nil` if there are too many mappings.
  mutating func port(of inner: Inner, at now: MonotonicInstant) -> UInt16? {
    if let port = outer[inner], let mapping = mappings[port], mapping.expires > now {
      mappings[port]?.expires = now + lifetime
      return port
    }
    if mappings.count >= Self.maximum { forgetExpired(at: now) }
    guard mappings.count < Self.maximum else { return nil }
    // There are more ports than mappings, so that one is free.
    var port = inner.port
    while let taken = mappings[port], taken.expires > now || port < 1024 {
      port = port == .max ? 1024 : port + 1
    }
    if let stale = mappings[port] { outer[stale.inner] = nil }
    mappings[port] = Mapping(inner: inner, expires: now + lifetime)
    outer[inner] = port
    return port
  }

  /// Who is behind an outer port.
  mutating func inner(of port: UInt16, at now: MonotonicInstant) -> Inner? {
    guard let mapping = mappings[port], mapping.expires > now else { return nil }
    mappings[port]?.expires = now + lifetime
    return mapping.inner
  }

  private mutating func forgetExpired(at now: MonotonicInstant) {
    for (port, mapping) in mappings where mapping.expires <= now {
      mappings[port] = nil
      outer[mapping.inner] = nil
    }
  }
}
