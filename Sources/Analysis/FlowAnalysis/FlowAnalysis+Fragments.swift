public import PacketWire

/// A piece of a larger packet that is not whole with it.
public struct FragmentFacts: Hashable, Sendable {
  /// Why the packet cannot be read yet.
  public enum State: Hashable, Sendable {
    /// Other pieces are still to come.
    case waiting
    /// All of this one had come before.
    case duplicate
    /// The capture holds only a part of it.
    case cut
    /// It goes with no other ones, or contradicts them.
    case refused(FragmentReassembler.Refusal)
  }

  /// What the whole packet carries.
  public var protocolNumber: IPProtocol
  /// Where the piece belongs in the payload, in octets.
  public var offset: Int
  /// How long the piece is, in octets.
  public var length: Int
  /// Other pieces follow.
  public var moreFragments: Bool
  /// The same in all pieces of one packet.
  public var identification: UInt32
  /// The first piece seen of the same packet, if this is not it.
  public var first: PacketMark?
  /// Why the packet cannot be read yet.
  public var state: State
}

/// The pieces of a packet that came before the one with which it is whole.
public struct PieceFacts: Hashable, Sendable {
  /// How many are named; a packet may have a thousand.
  static let maximumNamed = 16

  /// The first of them.
  public internal(set) var first: PacketMark
  /// The numbers of the first ones.
  public internal(set) var numbers: [Int]
  /// How many they were.
  public internal(set) var count = 1

  init(_ first: PacketMark) { (self.first, numbers) = (first, [first.number]) }

  mutating func add(_ mark: PacketMark) {
    count += 1
    if numbers.count < Self.maximumNamed { numbers.append(mark.number) }
  }
}

/// What tells the packets apart that come in pieces.
struct PieceKey: Hashable, Sendable {
  /// The flow of the pieces, which counts addresses and protocol.
  var flow: Int
  var identification: UInt32
}

extension FlowAnalysis {
  /// Packets that came in pieces, not all of which were seen: the first piece of each in order of
  /// capture, as far as that is remembered, and how many there are.
  public var incompletePackets: (first: [PacketMark], count: Int) {
    let first = pieces.values.map(\.first).sorted { $0.number < $1.number }
    return (first, first.count + pieces.evicted)
  }

  /// Keeps a piece of a packet, and reads the packet once it is whole.
  mutating func addFragment(_ frame: Frame, _ octets: Span<UInt8>, _ facts: inout PacketFacts) {
    guard let addresses = frame.addresses, let number = frame.protocolNumber else { return }
    facts.source = endpoint(addresses.source, port: nil)
    facts.destination = endpoint(addresses.destination, port: nil)
    let place = follow(
      .ip, from: addresses.source, to: addresses.destination, protocolNumber: number.rawValue,
      frame, &facts)
    guard var piece = FragmentFacts(frame, number) else { return }
    let key = PieceKey(
      flow: plain[PlainKind.ip.rawValue].slots[place].ordinal, identification: piece.identification)
    piece.first = pieces[key]?.first
    let network = UInt64(tunnel) << 24 | frame.vlanBits
    switch fragments.add(frame, octets, on: network, at: facts.mark.time) {
    case nil: piece.state = .cut
    case .waiting: piece.state = .waiting
    case .duplicate: piece.state = .duplicate
    case .refused(let refusal): piece.state = .refused(refusal)
    case .whole(let whole, let octets):
      return readWhole(whole, octets.span, pieces.removeValue(of: key), &facts)
    }
    facts.content = .fragment(piece)
    if piece.first == nil {
      pieces.set(key, PieceFacts(facts.mark))
    } else if piece.state == .waiting {
      pieces.update(key) { $0.add(facts.mark) }
    }
  }

  private mutating func readWhole(
    _ frame: Frame, _ octets: Span<UInt8>, _ earlier: PieceFacts?, _ facts: inout PacketFacts
  ) {
    // A packet may be whole with a piece that stands in a tunnel that stands in a packet which is
    // whole with that.
    guard wholeDepth < Frame.maximumDepth else {
      facts.content = .link(frame.etherType)
      return
    }
    wholeDepth += 1
    facts.pieces = earlier
    facts.isFirstOfFlow = false
    readPacket(frame, octets, &facts)
    wholeDepth -= 1
  }
}

extension FragmentFacts {
  /// What a frame is a piece of; nil when it is none.
  fileprivate init?(_ frame: Frame, _ number: IPProtocol) {
    // A transport header that is there is a part of the piece.
    let length = frame.payloadLength + max(frame.payload.lowerBound - frame.transportOffset, 0)
    if let header = frame.ipv6Fragment {
      self.init(
        protocolNumber: number, offset: header.fragmentOffset, length: length,
        moreFragments: header.moreFragments, identification: header.identification, state: .waiting)
    } else if case .ipv4(let header) = frame.network {
      self.init(
        protocolNumber: number, offset: header.fragmentOffset, length: length,
        moreFragments: header.moreFragments, identification: UInt32(header.identification),
        state: .waiting)
    } else {
      return nil
    }
  }
}
