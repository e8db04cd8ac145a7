import FlowAnalysis

/// Which answers sent a client to which pages: redirects, and pages that want other files.
struct PageLinks: Sendable {
  /// Redirects by the place that they lead to: host and target, without the scheme.
  private var redirects: [[UInt8]: Redirect] = [:]
  /// The Referer fields of requests that are not answered yet, by exchange.
  private var referers: [Int: UntrustedText] = [:]
  /// Packets in which the answer for a place began.
  private var pages: [[UInt8]: Int] = [:]

  private struct Redirect {
    /// The packet in which it began.
    var number: Int
    /// What the request that is redirected gave as its page.
    var referer: UntrustedText?

    /// A client keeps the field, or of another site tells no more than the host.
    func leads(to request: HTTPRequest) -> Bool {
      guard let referer, let other = request.referer else { return true }
      return referer.octets.starts(with: other.octets)
    }
  }

  /// More places are forgotten, all at once.
  private static let limit = 1_024

  /// A place is asked for: the redirect to it, if one came just before, and the page that wants it.
  mutating func causes(of request: HTTPRequest) -> (redirect: Int?, page: Int?) {
    if referers.count >= Self.limit { referers = [:] }
    referers[request.exchange] = request.referer
    let place = Self.place(request.host, request.target)
    var redirect: Int?
    if let found = redirects[place], found.leads(to: request) {
      redirect = found.number
      redirects[place] = nil
    }
    let page = request.referer.flatMap { pages[Self.place($0.octets) ?? []] }
    return (redirect, page)
  }

  /// An answer begins in the packet of that number, for a request to `host`.
  mutating func note(_ response: HTTPResponse, host: UntrustedText?, _ number: Int) {
    guard let request = response.request, !response.isInterim else { return }
    let referer = referers.removeValue(forKey: request.exchange)
    if redirects.count >= Self.limit { redirects = [:] }
    if pages.count >= Self.limit { pages = [:] }
    if let location = response.location, (300..<400).contains(response.status) {
      redirects[Self.place(location.octets, from: host, request.target)] = Redirect(
        number: number, referer: referer)
    } else if response.status == 200 || response.status == 304 {
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
