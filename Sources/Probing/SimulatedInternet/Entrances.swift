import PacketWire

/// The links by which the packets of hosts come in.
///
/// The machine of the sites may have several: an answer leaves by the one that its question came by,
/// as it would from a site that stands in one place only.
struct Entrances: Sendable {
  private struct Ends: Hashable, Sendable {
    var near: IPAddress
    var far: IPAddress
  }

  /// So many pairs of addresses are remembered.
  private static let maximumPairs = 4096

  private var client: Int?
  /// By the site's address, the first one of each.
  private var sites: [IPAddress: Int] = [:]
  private var siteLinks: [Int] = []
  private var recent: [Ends: Int] = [:]

  /// The client's link; the first one counts.
  mutating func addClient(_ link: Int) { client = client ?? link }

  /// A link of a site.
  mutating func add(_ link: Int, of addresses: [IPAddress]) {
    siteLinks.append(link)
    for address in addresses where sites[address] == nil { sites[address] = link }
  }

  /// Remembers that a packet came to a host, whose answer is to leave by `link`.
  mutating func note(_ octets: [UInt8], to attachment: AttachmentPoint, answersBy link: Int) {
    guard attachment == .server, siteLinks.count > 1, let ends = IPEnds(octets) else { return }
    if recent.count >= Self.maximumPairs { recent.removeAll(keepingCapacity: true) }
    recent[Ends(near: ends.destination, far: ends.source)] = link
  }

  /// The link for a packet that a host sends.
  func link(for octets: [UInt8], from attachment: AttachmentPoint) -> Int? {
    if attachment == .client { return client }
    guard attachment == .server, let first = siteLinks.first else { return nil }
    guard siteLinks.count > 1, let ends = IPEnds(octets) else { return first }
    return recent[Ends(near: ends.source, far: ends.destination)] ?? sites[ends.source] ?? first
  }
}

/// The addresses in an IP packet's header, which is not checked otherwise.
private struct IPEnds {
  var source: IPAddress
  var destination: IPAddress

  init?(_ octets: [UInt8]) {
    let frame = Frame(decoding: octets.span, linkType: .raw)
    guard let ends = frame.addresses else { return nil }
    (source, destination) = (ends.source, ends.destination)
  }
}
