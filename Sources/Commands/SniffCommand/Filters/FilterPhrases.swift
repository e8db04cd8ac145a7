import PacketText
import PacketWire

/// The words of pcap-filter(7) in plain ones.
enum FilterPhrases {
  /// Protocols, as tests of their own.
  static let protocols = [
    "ether": "any frame", "ip": "IPv4", "ip6": "IPv6", "arp": "ARP", "rarp": "reverse ARP",
    "tcp": "TCP, over IPv4 or IPv6", "udp": "UDP, over IPv4 or IPv6",
    "sctp": "SCTP, over IPv4 or IPv6", "icmp": "ICMP, over IPv4", "icmp6": "ICMPv6",
    "igmp": "IGMP", "ah": "an IPsec authentication header", "esp": "IPsec ESP", "pim": "PIM",
    "vrrp": "VRRP", "stp": "spanning tree", "llc": "LLC", "wlan": "any 802.11 frame",
  ]
  static let kinds: Set = ["host", "net", "port", "portrange", "proto", "protochain", "gateway"]
  static let singles: Set = [
    "less", "greater", "vlan", "mpls", "pppoes", "pppoed", "inbound", "outbound", "ifname",
  ]

  /// A test with a value.
  static func words(_ qualifiers: FilterReader.Qualifiers, _ value: String) -> String {
    let kind = qualifiers.kind ?? (value.contains("/") ? "net" : "host")
    switch kind {
    case "port", "portrange":
      let carriers = qualifiers.proto.map { $0.uppercased() } ?? "TCP, UDP or SCTP"
      let range = kind == "portrange" ? "port from \(value)" : "port \(value)\(service(value))"
      return "\(carriers) with \(side(qualifiers.direction)) \(range)"
    case "proto", "protochain":
      if qualifiers.proto == "ether" { return "frames of EtherType \(value)" }
      let network =
        qualifiers.proto == "ip" ? "IPv4" : qualifiers.proto == "ip6" ? "IPv6" : "IPv4 or IPv6"
      let chain = kind == "protochain" ? "anywhere in the chain of headers " : ""
      return "\(network) with \(chain)protocol \(value)\(name(ofProtocol: value))"
    case "net":
      return "\(carrier(qualifiers.proto))\(way(qualifiers.direction)) the network \(value)"
    case "gateway": return "packets that pass through the gateway \(value)"
    default:
      if qualifiers.proto == "ether" {
        return "frames \(way(qualifiers.direction)) the MAC address \(value)"
      }
      return "\(carrier(qualifiers.proto))\(way(qualifiers.direction)) host \(value)"
    }
  }

  private static func carrier(_ proto: String?) -> String {
    proto.map { ["ip": "IPv4 ", "ip6": "IPv6 ", "arp": "ARP "][$0] ?? "\($0.uppercased()) " } ?? ""
  }

  private static func side(_ direction: String?) -> String {
    switch direction {
    case "src": "source"
    case "dst": "destination"
    case "both": "source and destination"
    default: "source or destination"
    }
  }

  private static func way(_ direction: String?) -> String {
    switch direction {
    case "src": "from"
    case "dst": "to"
    case "both": "from and to"
    default: "from or to"
    }
  }

  private static func service(_ value: String) -> String {
    guard let port = UInt16(value), let name = ServiceNames.name(ofPort: port, .tcp) else {
      return ""
    }
    return " (\(name))"
  }

  private static func name(ofProtocol value: String) -> String {
    let names = ["1": "ICMP", "2": "IGMP", "6": "TCP", "17": "UDP", "58": "ICMPv6", "132": "SCTP"]
    return names[value].map { " (\($0))" } ?? ""
  }

  /// `broadcast` and `multicast`.
  static func group(_ word: String, _ proto: String?) -> String {
    switch proto {
    case "ip": "IPv4 to a \(word) address"
    case "ip6": "IPv6 to a \(word) address"
    default: "frames to a \(word) address"
    }
  }

  /// A word with a number or none.
  static func single(_ word: String, _ value: String?) -> String {
    let number = value ?? ""
    switch word {
    case "less": return "frames of at most \(number) octets"
    case "greater": return "frames of at least \(number) octets"
    case "inbound": return "what comes to this host"
    case "outbound": return "what this host sends"
    case "ifname": return "packets of the interface \(number)"
    case "vlan":
      let tag = value.map { "of VLAN \($0)" } ?? "with a VLAN tag"
      return "frames \(tag); all words behind this one look behind the tag"
    case "mpls":
      return "frames \(value.map { "with the MPLS label \($0)" } ?? "with an MPLS label"); "
        + "all words behind this one look behind it"
    default:
      return "PPPoE \(value.map { "session \($0)" } ?? "frames"); all words behind this one look "
        + "into them"
    }
  }

  /// A comparison, with what its parts are.
  static func relation(_ words: [String]) -> String {
    var text = ""
    for (index, word) in words.enumerated() {
      let isTight =
        index == 0
        || ["[", "]", "(", ")"].contains(word)
          && !(word == "(" && !["[", "("].contains(words[index - 1]))
        || ["[", "("].contains(words[index - 1])
      text += (isTight ? "" : " ") + word
    }
    let headers = [
      "tcp": "the TCP header", "udp": "the UDP header", "ip": "the IPv4 header",
      "ip6": "the IPv6 header", "icmp": "the ICMP header", "icmp6": "the ICMPv6 header",
      "ether": "the frame", "link": "the frame", "arp": "the ARP message",
    ]
    var told: [String] = []
    for (word, next) in zip(words, words.dropFirst()) where next == "[" {
      if let header = headers[word], !told.contains("\(word)[] is \(header)") {
        told.append("\(word)[] is \(header)")
      }
    }
    if words.contains("len") { told.append("len is the frame's length in octets") }
    return "packets in which \(text)" + (told.isEmpty ? "" : " (\(told.joined(separator: ", ")))")
  }
}
