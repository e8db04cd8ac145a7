/// Lab files that each show one thing that real paths do.
public struct TopologyGallery: Sendable {
  /// A lab file with a name.
  public struct Entry: Sendable {
    /// What it is asked for by: letters, digits and hyphens.
    public let name: String
    /// What it shows, a phrase in lower case without a full stop.
    public let summary: String
    /// A command to run in it that shows it.
    public let example: String
    /// The lab file.
    public let text: String

    /// What the lab file describes.
    public var topology: Topology {
      do {
        return try Topology(parsing: text, named: "\(name).lab")
      } catch {
        // All of them are read in the tests.
        preconditionFailure("\(error)")
      }
    }
  }

  /// All of them, from the simple to the strange.
  public static let all: [Entry] =
    [
      Entry(
        name: "default", summary: "twelve hops from a home to a site",
        example: "traceroute www.discord.test", text: Topology.defaultText)
    ] + shapes + faults + manners

  /// The one with a name.
  public static func entry(named name: String) -> Entry? { all.first { $0.name == name } }

  /// The host that asks, and those that answer, are everywhere the same.
  static func lab(
    _ name: String, _ summary: String, try example: String, client: String = "198.18.0.2",
    _ comment: String, _ routers: String, site: String = ""
  ) -> Entry {
    let sites =
      site.isEmpty ? "site      www.discord.test      203.0.113.80  2001:db8:cb::80\n" : site
    let text = """
      # \(comment.split(separator: "\n").joined(separator: "\n# "))
      # Try: \(example)

      client    laptop.home.test      \(client)  2001:db8:0::2

      \(routers)
      \(sites)resolver  dns.discord.test      203.0.113.53  2001:db8:cb::53

      system    64496 ISP-TEST        192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 2001:db8::/32
      system    64503 HOSTING-TEST    203.0.113.0/24 2001:db8:cb::/48

      """
    return Entry(name: name, summary: summary, example: example, text: text)
  }
}
