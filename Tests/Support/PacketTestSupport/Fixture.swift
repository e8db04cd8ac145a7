public import Foundation
public import PacketWire

/// A capture of Tests/Fixtures: a little-endian pcap file, or packets in hex with the extension `hex`
/// (see the README there).
public struct Fixture: Sendable {
  /// One packet of it.
  public struct Packet: Sendable {
    /// When it was captured.
    public var time: WallInstant
    /// What was captured.
    public var octets: [UInt8]
    /// How long it was on the wire, in octets.
    public var originalLength: Int
  }

  /// Why a fixture could not be read.
  public struct Unreadable: Error {
    /// What is wrong with it.
    public var reason: String
  }

  /// How its packets begin.
  public var linkType = LinkType.ethernet
  /// In the order of the file.
  public var packets: [Packet] = []

  /// The folder Tests of the checkout.
  public static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Reads the file of that name, extension included.
  public init(_ name: String) throws {
    let url = Self.tests.appending(path: "Fixtures").appending(path: name)
    if name.hasSuffix(".hex") {
      try readHex(String(contentsOf: url, encoding: .utf8))
    } else {
      try readPcap([UInt8](Data(contentsOf: url)))
    }
  }

  /// `link N`, then `packet LENGTH` and octets for each packet; `#` starts a comment. The packets
  /// are a second apart.
  private mutating func readHex(_ text: String) throws {
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      switch words[0] {
      case "link":
        guard let number = UInt32(words[1]) else { throw Unreadable(reason: String(line)) }
        linkType = LinkType(rawValue: number)
      case "packet":
        guard let length = Int(words[1]) else { throw Unreadable(reason: String(line)) }
        let second = 1_700_000_000 + Int64(packets.count)
        packets.append(
          Packet(
            time: WallInstant(nanoseconds: second * 1_000_000_000 + 123_456_789), octets: [],
            originalLength: length))
      default:
        guard !packets.isEmpty else { throw Unreadable(reason: "octets before a packet") }
        packets[packets.count - 1].octets += hex(String(line))
      }
    }
  }

  private mutating func readPcap(_ octets: [UInt8]) throws {
    func word(_ offset: Int) -> UInt32 { octets.span.u32(at: offset).byteSwapped }
    guard octets.count >= 24, word(0) == 0xa1b2_c3d4 || word(0) == 0xa1b2_3c4d else {
      throw Unreadable(reason: "not a little-endian pcap file")
    }
    let unit: Int64 = word(0) == 0xa1b2_3c4d ? 1 : 1000
    linkType = LinkType(rawValue: word(20))
    var offset = 24
    while offset + 16 <= octets.count {
      let end = offset + 16 + Int(word(offset + 8))
      guard end <= octets.count else { throw Unreadable(reason: "a packet is cut") }
      let time = Int64(word(offset)) * 1_000_000_000 + Int64(word(offset + 4)) * unit
      packets.append(
        Packet(
          time: WallInstant(nanoseconds: time), octets: Array(octets[offset + 16..<end]),
          originalLength: Int(word(offset + 12))))
      offset = end
    }
  }
}
