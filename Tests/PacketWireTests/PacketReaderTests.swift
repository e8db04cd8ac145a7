import PacketTestSupport
import PacketWire
import Testing

@Suite("Packet reader and big-endian numbers")
struct PacketReaderTests {
  static let octets = hex("0102030405060708090a0b0c")

  @Test("octets are handed out from the front")
  func take() throws {
    var reader = PacketReader(Self.octets.span, offset: 100)
    #expect(reader.available == 12 && reader.offset == 100)
    let first = Array(copying: try reader.take(3, for: .udp))
    let none = Array(copying: try reader.take(0, for: .udp))
    #expect(first == [1, 2, 3] && none.isEmpty)
    #expect(reader.available == 9 && reader.offset == 103)
    #expect(Array(copying: reader.remaining) == Array(Self.octets[3...]))
    let rest = Array(copying: try reader.take(9, for: .udp))
    #expect(rest == Array(Self.octets[3...]) && reader.available == 0 && reader.offset == 112)
  }

  @Test("what is not there is refused: whose, where and how much")
  func truncated() throws {
    var reader = PacketReader(Self.octets.span)
    _ = try reader.take(10, for: .udp)
    do throws(PacketError) {
      _ = try reader.take(3, for: .tcp)
      Issue.record("three octets of two were taken")
    } catch {
      #expect(error == PacketError(.tcp, at: 10, .truncated(needed: 3, available: 2)))
    }
    #expect(reader.available == 2 && reader.offset == 10)
  }

  @Test(
    "narrowing leaves less, never more", arguments: [(-1, 0), (0, 0), (5, 5), (12, 12), (13, 12)])
  func narrow(count: Int, expected: Int) {
    var reader = PacketReader(Self.octets.span, offset: 100)
    reader.narrow(to: count)
    #expect(reader.available == expected && reader.offset == 100)
    #expect(Array(copying: reader.remaining) == Array(Self.octets.prefix(expected)))
  }

  @Test("numbers are read in network order, at any offset")
  func loads() {
    let span = Self.octets.span
    #expect(span.u16(at: 1) == 0x0203)
    #expect(span.u32(at: 1) == 0x0203_0405)
    #expect(span.u48(at: 1) == 0x0203_0405_0607)
    #expect(span.u64(at: 1) == 0x0203_0405_0607_0809)
    #expect(span.u64(at: 4) == 0x0506_0708_090a_0b0c)
  }

  @Test("numbers are written in network order")
  func stores() {
    let written = [UInt8](capacity: 37) { out in
      out.append(bigEndian: 0x01 as UInt8)
      out.append(bigEndian: 0x0203 as UInt16)
      out.append(bigEndian: 0x0405_0607 as UInt32)
      out.append(bigEndian: 0x0809_0a0b_0c0d_0e0f as UInt64)
      out.append(bigEndian: 0x1011_1213_1415_1617_1819_1a1b_1c1d_1e1f as UInt128)
      out.append(bigEndian48: 0xffff_2021_2223_2425)
    }
    #expect(written == [UInt8](0x01...0x25))
  }

  @Test("numbers at the edges keep their bits")
  func edges() {
    let written = [UInt8](capacity: 8) { out in
      out.append(bigEndian: 0x80ff as UInt16)
      out.append(bigEndian48: 0x8000_0000_00ff)
    }
    #expect(written == hex("80ff 8000000000ff"))
    #expect(written.span.u16(at: 0) == 0x80ff && written.span.u48(at: 2) == 0x8000_0000_00ff)
    #expect([UInt8](repeating: 0xff, count: 8).span.u64(at: 0) == .max)
  }

  @Test("borrowed octets are copied")
  func copying() {
    let written = [UInt8](capacity: 12) { $0.append(copying: Self.octets.span) }
    #expect(written == Self.octets)
    #expect(Array(copying: Self.octets.span.extracting(2..<4)) == [3, 4])
  }
}
