import PacketTestSupport
import PacketWire
import Testing

@Suite("TCP options (RFC 9293 §3.2)")
struct TCPOptionTests {
  @Test("options that the kernel wrote")
  func kernelSYN() throws {
    let header: TCPHeader = try parse(Array(KernelPackets.synOverIPv4[20...]))
    #expect(
      try options(of: header) == [
        .maximumSegmentSize(1_460), .sackPermitted,
        .timestamps(value: 0x82a9_c8bf, echoReply: 0), .noOperation, .windowScale(10),
      ])
  }

  @Test func timestampsInOrder() throws {
    #expect(
      try options(hex("080a 01020304 05060708"))
        == [.timestamps(value: 0x0102_0304, echoReply: 0x0506_0708), .endOfList])
  }

  @Test("one to four blocks of received data", arguments: 1...4)
  func sack(count: Int) throws {
    let edges = (1...UInt32(2 * count)).map { 0x0102_0300 + $0 }
    let octets = edges.flatMap { edge in [24, 16, 8, 0].map { UInt8(edge >> $0 & 0xff) } }
    let seen = try options([1, 1, 5, UInt8(2 + 8 * count)] + octets)
    #expect(seen.prefix(2) == [.noOperation, .noOperation])
    guard case .sack(let blocks) = try #require(seen.dropFirst(2).first) else {
      Issue.record("\(seen) holds no SACK option")
      return
    }
    #expect(blocks.count == count)
    for index in 0..<count {
      #expect(blocks[index].left == edges[2 * index])
      #expect(blocks[index].right == edges[2 * index + 1])
    }
  }

  @Test("blocks differ when one edge differs, or when there are more")
  func sackEquality() throws {
    let one = try options(hex("0101 050a 01020304 05060708"))
    let other = try options(hex("0101 050a 01020304 05060709"))
    let more = try options(hex("0101 0512 01020304 05060708 00000000 00000000"))
    #expect(one == (try options(hex("0101 050a 01020304 05060708"))))
    #expect(one != other && one != more)
    #expect(Set([one[2], other[2], more[2]]).count == 3)
  }

  @Test(
    "a known kind with an unusual length is only a kind and a place",
    arguments: [
      ("0203 05", 2, 2..<3), ("0302", 3, 2..<2), ("0403 00", 4, 2..<3), ("0502", 5, 2..<2),
      ("0506 00000001", 5, 2..<6), ("0804 0000", 8, 2..<4), ("2206 01020304", 34, 2..<6),
      ("1e08 010203040506", 30, 2..<8),
    ] as [(String, UInt8, Range<Int>)])
  func others(text: String, kind: UInt8, value: Range<Int>) throws {
    #expect(try options(hex(text)).first == .other(kind: kind, value: value))
  }

  @Test("what follows the end of the list is padding")
  func endOfList() throws {
    #expect(try options(hex("01 00 0204 05b4 0000")) == [.noOperation, .endOfList])
    #expect(try options([]).isEmpty)
  }

  @Test(
    "a length that cannot be is refused where it stands, after what stands before it",
    arguments: [
      ("01 0800 00", 1, 8, 0), ("01 0501 00", 1, 5, 1), ("01 0304 0a", 1, 3, 4),
      ("0101 01 02", 3, 2, 0), ("020405b4 08ff0000", 4, 8, 255), ("0205 05b4", 0, 2, 5),
    ] as [(String, Int, UInt8, Int)])
  func badLength(text: String, index: Int, kind: UInt8, length: Int) throws {
    let header = try self.header(hex(text))
    var seen: [TCPOption] = []
    let error = PacketError(.tcp, at: 20 + index, .badOptionLength(kind: kind, length: length))
    #expect(throws: error) { try header.forEachOption { seen.append($0) } }
    let expected: [Int: [TCPOption]] = [
      0: [], 1: [.noOperation], 3: [.noOperation, .noOperation, .noOperation],
      4: [.maximumSegmentSize(1_460)],
    ]
    #expect(seen == expected[index])
  }

  // MARK: Written

  @Test("each kind is written as it is read")
  func written() throws {
    let blocks = try #require(TCPOption.SACKBlocks([(1, 2), (0x0102_0304, 0x0506_0708)]))
    let cases: [([TCPOption], String)] = [
      ([], ""), ([.endOfList], "00000000"), ([.noOperation], "01000000"),
      ([.maximumSegmentSize(0x0102)], "02040102"), ([.windowScale(7), .endOfList], "03030700"),
      ([.sackPermitted, .noOperation, .noOperation], "04020101"),
      ([.timestamps(value: 0x0102_0304, echoReply: 5)], "080a01020304000000050000"),
      ([.sack(blocks)], "0512000000010000000201020304050607080000"),
    ]
    for (options, text) in cases {
      #expect(OptionOctets(options) == OptionOctets(copying: hex(text).span))
    }
    #expect(blocks.count == 2 && blocks[1].left == 0x0102_0304 && blocks[1].right == 0x0506_0708)
  }

  @Test("what a kernel wrote is written again, and what nobody knows with it")
  func rewritten() throws {
    let kernel: TCPHeader = try parse(Array(KernelPackets.synOverIPv4[20...]))
    #expect(OptionOctets(try options(of: kernel)) == kernel.options)
    // User timeout (RFC 5482) and a size that is none, which the new header has before the size.
    let strange = try header(hex("1c04 8005 0203 05 020405b4"))
    let changed = try Array(options(of: strange).reversed().drop { $0 == .endOfList })
    #expect(
      OptionOctets(changed, valuesIn: strange.options)
        == OptionOctets(copying: hex("020405b4 0203 05 1c04 8005 00").span))
    #expect(OptionOctets(changed) == nil)
  }

  @Test("more than a header has room for, and values that stand nowhere")
  func unwritable() throws {
    let four = [TCPOption](repeating: .timestamps(value: 1, echoReply: 2), count: 4)
    #expect(OptionOctets(four)?.count == 40)
    #expect(OptionOctets(four + [.noOperation]) == nil)
    let source = try header(hex("1c04 8005")).options
    #expect(OptionOctets([.other(kind: 28, value: 2..<4)], valuesIn: source) == source)
    #expect(
      OptionOctets([.other(kind: 9, value: 0..<2)], valuesIn: source)
        == OptionOctets(copying: hex("0904 1c04").span))
    for range in [2..<5, -1..<1, 4..<300] {
      #expect(OptionOctets([.other(kind: 28, value: range)], valuesIn: source) == nil)
    }
    #expect(TCPOption.SACKBlocks([]) == nil)
    let five = [(left: UInt32, right: UInt32)](repeating: (1, 2), count: 5)
    #expect(TCPOption.SACKBlocks(five) == nil)
    #expect(TCPOption.SACKBlocks(Array(five.prefix(4)))?.count == 4)
  }

  @Test("any list is written as it was read", arguments: 0..<4 as Range<UInt64>)
  func randomLists(seed: UInt64) throws {
    var rng = SeededRNG(seed: seed)
    var whole = 0
    for _ in 0..<2_000 {
      var octets = rng.bytes(count: 4 * Int.random(in: 0...10, using: &rng))
      for index in octets.indices where Bool.random(using: &rng) {
        octets[index] = [1, 1, 2, 3, 4, 5, 8, 10].randomElement(using: &rng) ?? 1
      }
      let header = try header(octets)
      guard let seen = try? options(of: header) else { continue }
      whole += 1
      // What stands behind the end of the list says nothing, and is not kept.
      let again = try #require(OptionOctets(seen, valuesIn: header.options))
      #expect(seen.contains(.endOfList) || again == header.options)
      var copy = header
      copy.options = again
      #expect(try options(of: copy) == seen)
    }
    #expect(whole > 200)
  }

  private func header(_ octets: [UInt8]) throws -> TCPHeader {
    var header = TCPHeader(from: 1, to: 2, flags: .ack)
    header.options = try #require(OptionOctets(padding: octets))
    return header
  }

  private func options(_ octets: [UInt8]) throws -> [TCPOption] { try options(of: header(octets)) }

  private func options(of header: TCPHeader) throws -> [TCPOption] {
    var options: [TCPOption] = []
    try header.forEachOption { options.append($0) }
    return options
  }
}
