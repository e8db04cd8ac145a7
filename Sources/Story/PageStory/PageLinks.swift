import FlowAnalysis

/// Which answers sent a client to which pages: redirects, and pages that want other files.
struct PageLinks: Sendable {
  /// Packets by the place that they lead to: host and target, without the scheme.
  private var redirects: [[UInt8]: Int] = [:]
  /// Packets in which the answer for a place began.
  private var pages: [[UInt8]: Int] = [:]

  /// More places are forgotten, all at once.
  private static let limit = 1_024

  /// A place is asked for: the redirect to it, if one came just before, and the page that wants it.
  mutating func causes(of request: HTTPRequest) -> (redirect: Int?, page: Int?) {
    let redirect = redirects.removeValue(forKey: Self.place(request.host, request.target))
    let page = request.referer.flatMap { pages[Self.place($0.octets) ?? []] }
    return (redirect, page)
  }

  /// An answer begins in the packet of that number, for a request to `host`.
  mutating func note(_ response: HTTPResponse, host: UntrustedText?, _ number: Int) {
    guard let request = response.request else { return }
    if redirects.count >= Self.limit { redirects = [:] }
    if pages.count >= Self.limit { pages = [:] }
    if let location = response.location, (300..<400).contains(response.status) {
      redirects[Self.place(location.octets, from: host, request.target)] = number
    } else if response.status == 200 {
      pages[Self.place(host, request.target)] = number
    }
  }

  private static func place(_ host: UntrustedText?, _ target: UntrustedText) -> [UInt8] {
    place(target.octets) ?? (host?.octets ?? []) + target.octets
  }

  /// The place of a reference (RFC 3986 §5.2), as far as servers write them: dots are left in.
  private static func place(
    _ reference: [UInt8], from host: UntrustedText?, _ target: UntrustedText
  ) -> [UInt8] {
    let reference = Array(reference.prefix { $0 != UInt8(ascii: "#") })
    if let whole = place(reference) { return whole }
    let host = host?.octets ?? []
    if reference.first == UInt8(ascii: "/") { return host + reference }
    let path = target.octets.prefix { $0 != UInt8(ascii: "?") }
    let folder = path.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? []
    return host + folder + reference
  }

  /// The place of a reference that names its host; nil for one that does not.
  private static func place(_ reference: [UInt8]) -> [UInt8]? {
    let schemes = ["http://", "https://", "//"]
    guard let scheme = schemes.first(where: { reference.starts(with: $0.utf8) }) else { return nil }
    let place = reference.dropFirst(scheme.utf8.count)
    return place.contains(UInt8(ascii: "/")) ? Array(place) : place + [UInt8(ascii: "/")]
  }
}
