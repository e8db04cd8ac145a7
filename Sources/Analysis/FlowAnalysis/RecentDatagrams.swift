import PacketWire

/// The last datagrams of a UDP flow, so that an ICMP error can be tied to the one that it quotes.
struct RecentDatagrams: Sendable {
  /// What tells one datagram of a flow from another: the IPv4 identification and the checksum.
  struct Signature: Hashable, Sendable {
    var identification: UInt16
    var checksum: UInt16
  }

  private struct Entry: Sendable {
    var signature: Signature
    var mark: PacketMark
  }

  /// More than a traceroute has under way at one time.
  private static let capacity = 64

  private var entries: [Entry] = []
  private var nextPlace = 0

  mutating func append(_ signature: Signature, _ mark: PacketMark) {
    let entry = Entry(signature: signature, mark: mark)
    if entries.count < Self.capacity {
      entries.append(entry)
    } else {
      entries[nextPlace] = entry
      nextPlace = (nextPlace + 1) % Self.capacity
    }
  }

  /// The one datagram with this signature; nil when there is none or more than one.
  func find(_ signature: Signature) -> PacketMark? {
    var found: PacketMark?
    for entry in entries where entry.signature == signature {
      if found != nil { return nil }
      found = entry.mark
    }
    return found
  }
}

/// A UDP flow: who began it, and what was sent last.
struct UDPConversation: Sendable {
  let initiatorIsLow: Bool
  /// The last datagram of the initiator and of the other side.
  var lastOfInitiator: PacketMark?
  var lastOfPeer: PacketMark?
  var recent = RecentDatagrams()
}

/// A flow of which only the ends count.
struct PlainFlow: Sendable {
  let initiatorIsLow: Bool
}
