import PacketTestSupport
import PacketWire
import Testing

@Suite("IPv6 extension header (RFC 8200 §4)")
struct IPv6ExtensionHeaderTests {
  /// Destination options of sixteen octets before UDP.
  static let options = hex("11 01 0203 04050607 08090a0b 0c0d0e0f")
  /// An authentication header of twelve octets before TCP: its length counts in fours, less two.
  static let authentication = hex("06 01 0203 04050607 08090a0b")

  @Test func fields() throws {
    let header = try parse(Self.options, .destinationOptions)
    #expect(header.kind == .destinationOptions && header.nextHeader == .udp)
    #expect(header.body == Array(Self.options[2...]) && header.length == 16)
  }

  @Test func authenticationFields() throws {
    let header = try parse(Self.authentication, .authentication)
    #expect(header.kind == .authentication && header.nextHeader == .tcp)
    #expect(header.body == Array(Self.authentication[2...]) && header.length == 12)
  }

  static let commonKinds: [IPProtocol] = [
    .hopByHop, .routing, .destinationOptions, .mobility, .hostIdentity, .shim6,
  ]

  @Test("headers of the common shape count in eights", arguments: commonKinds, [0, 1, 2, 255])
  func roundTrip(kind: IPProtocol, lengthField: UInt8) throws {
    let packet = [59, lengthField] + body(count: Int(lengthField) * 8 + 6)
    let header = try parse(packet + [0xee], kind)
    #expect(header.length == packet.count && octets(of: header) == packet)
  }

  @Test("authentication headers count in fours", arguments: [0, 1, 2, 255] as [UInt8])
  func authenticationRoundTrip(lengthField: UInt8) throws {
    let packet = [59, lengthField] + body(count: Int(lengthField) * 4 + 6)
    let header = try parse(packet + [0xee], .authentication)
    #expect(header.length == packet.count && octets(of: header) == packet)
  }

  @Test("random octets are refused or written back unchanged", arguments: 0..<4 as Range<UInt64>)
  func randomRoundTrip(seed: UInt64) throws {
    var rng = SeededRNG(seed: seed)
    var accepted = 0
    for _ in 0..<1_000 {
      var input = rng.bytes(count: .random(in: 2...40, using: &rng))
      input[1] &= 7
      let kind: IPProtocol = Bool.random(using: &rng) ? .authentication : .routing
      guard let header = try? parse(input, kind) else { continue }
      accepted += 1
      #expect(octets(of: header)[...] == input.prefix(header.length), "seed \(seed)")
    }
    #expect(accepted > 100)
  }

  @Test("every shorter prefix is refused, and the error says where", arguments: 0..<16)
  func truncation(count: Int) {
    let (start, needed) = count < 2 ? (0, 2) : (2, 14)
    let reason = PacketError.Reason.truncated(needed: needed, available: count - start)
    #expect(throws: PacketError(.ipv6Extension, at: 100 + start, reason)) {
      try parse(Array(Self.options.prefix(count)), .destinationOptions)
    }
  }

  @Test("what has another shape is refused", arguments: 0...255 as ClosedRange<UInt8>)
  func otherKinds(number: UInt8) {
    let kind = IPProtocol(rawValue: number)
    let isKnown = (Self.commonKinds + [.authentication]).contains(kind)
    #expect(IPv6ExtensionHeader.isExtension(kind) == isKnown)
    guard !isKnown else { return }
    #expect(throws: PacketError(.ipv6Extension, at: 100, .unsupported(UInt32(number)))) {
      try parse(Self.options, kind)
    }
    #expect(IPv6ExtensionHeader(kind: kind, nextHeader: .udp, body: [0, 0, 0, 0, 0, 0]) == nil)
  }

  @Test func builtFromFields() throws {
    let options = try #require(
      IPv6ExtensionHeader(
        kind: .destinationOptions, nextHeader: .udp, body: Array(Self.options[2...])))
    #expect(octets(of: options) == Self.options)
    let authentication = try #require(
      IPv6ExtensionHeader(
        kind: .authentication, nextHeader: .tcp, body: Array(Self.authentication[2...])))
    #expect(octets(of: authentication) == Self.authentication)
  }

  @Test(
    "only lengths that the header can say are built",
    arguments: [
      (.routing, 6, true), (.routing, 2_046, true), (.routing, 2_054, false),
      (.routing, 10, false), (.routing, 7, false), (.routing, 0, false),
      (.authentication, 6, true), (.authentication, 10, true), (.authentication, 2, false),
      (.authentication, 1_026, true), (.authentication, 1_030, false), (.authentication, 8, false),
    ] as [(IPProtocol, Int, Bool)])
  func buildableLengths(kind: IPProtocol, bodyCount: Int, isBuilt: Bool) {
    let body = [UInt8](repeating: 1, count: bodyCount)
    let header = IPv6ExtensionHeader(kind: kind, nextHeader: .udp, body: body)
    #expect((header != nil) == isBuilt)
  }

  /// Octets that differ from their neighbours.
  private func body(count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 251) } }

  private func parse(
    _ octets: [UInt8], _ kind: IPProtocol
  ) throws(PacketError) -> IPv6ExtensionHeader {
    var reader = PacketReader(octets.span, offset: 100)
    do throws(PacketError) {
      return try IPv6ExtensionHeader(parsing: &reader, kind: kind)
    } catch {
      #expect(reader.offset == 100)
      throw error
    }
  }

  private func octets(of header: IPv6ExtensionHeader) -> [UInt8] {
    [UInt8](capacity: header.length) { header.write(to: &$0) }
  }
}
