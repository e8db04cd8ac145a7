public import PacketWire

extension DNSType {
  /// The type's name, or `TYPE65280` (RFC 3597 §5).
  public var label: String { name ?? "TYPE\(rawValue)" }
}

extension DNSClass {
  /// The class's name, or `CLASS65280` (RFC 3597 §5).
  public var label: String { name ?? "CLASS\(rawValue)" }
}

extension DNSResponseCode {
  /// What it means, in words, with its name: "no such name (NXDOMAIN)".
  public var explanation: String {
    let words =
      switch rawValue {
      case 0: "no error"
      case 1: "the server did not understand the query"
      case 2: "the server failed"
      case 3: "no such name"
      case 4: "the server does not do that"
      case 5: "the server refuses"
      case 16: "the server does not know this version of EDNS"
      default: "response code \(rawValue)"
      }
    return name.map { "\(words) (\($0))" } ?? words
  }
}

/// The flags of a DNS message's header in words.
public struct DNSFlagWords: Sendable {
  private let flags: UInt16

  /// The second word of the header.
  public init(flags: UInt16) { self.flags = flags }

  /// "response, authoritative, recursion desired, no error (NOERROR)".
  public var text: String {
    let isResponse = flags & 0x8000 != 0
    var words = [isResponse ? "response" : "query"]
    let opcode = flags >> 11 & 0xf
    if opcode != 0 { words.append("operation \(opcode)") }
    for (bit, word) in [
      (0x0400, "authoritative"), (0x0200, "truncated"), (0x0100, "recursion desired"),
      (0x0080, "recursion available"), (0x0020, "authentic data"), (0x0010, "checking disabled"),
    ] as [(UInt16, String)] where flags & bit != 0 {
      words.append(word)
    }
    if isResponse { words.append(DNSResponseCode(rawValue: flags & 0xf).explanation) }
    return words.joined(separator: ", ")
  }
}

extension DNSName {
  /// The name as people write it, without the final dot; the root is a dot.
  public var text: String { wire.isEmpty ? "." : String(description.dropLast()) }
}

extension DNSRecord {
  /// The record in words: "google.com: type A, class IN, TTL 260, addr (4) 192.165.1.1". The number in
  /// parentheses is the length of the data, in octets. Safe text.
  public var text: String {
    "\(name.text): type \(type.label), class \(recordClass.label), TTL \(timeToLive), \(dataText)"
  }

  private var dataText: String {
    let length = data.length
    return switch data {
    case .a(let address): "addr (\(length)) \(address)"
    case .aaaa(let address): "addr (\(length)) \(address)"
    case .name(let name): "\(nameWord) (\(length)) \(name.text)"
    case .mx(let preference, let exchange):
      "mail exchange (\(length)) \(exchange.text), preference \(preference)"
    case .txt(let strings):
      "text (\(length)) "
        + strings.map { "\"\(SafeText.escaped($0.span))\"" }.joined(separator: " ")
    case .soa(let soa):
      "start of authority (\(length)) primary server \(soa.primaryServer.text), mailbox "
        + "\(soa.mailbox.text), serial \(soa.serial), refresh \(soa.refresh), retry \(soa.retry), "
        + "expire \(soa.expire), minimum \(soa.minimum)"
    case .service(let service):
      "service (\(length)) \(service.target.text), port \(service.port), priority "
        + "\(service.priority), weight \(service.weight)"
    case .certificateIssuer(let issuer):
      "certificates (\(length)) \(SafeText.escaped(issuer.tag.span)) "
        + "\"\(SafeText.escaped(issuer.value.span))\""
        + (issuer.flags & 0x80 == 0 ? "" : ", critical")
    default: "data (\(length)) of another kind"
    }
  }

  private var nameWord: String {
    switch type {
    case .cname: "alias of"
    case .ns: "name server"
    case .ptr: "points to"
    default: "name"
    }
  }
}

extension DNSQuestion {
  /// "google.com: type A, class IN". Safe text.
  public var text: String { "\(name.text): type \(type.label), class \(recordClass.label)" }
}
