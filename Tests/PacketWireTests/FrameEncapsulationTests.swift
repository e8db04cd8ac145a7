import PacketTestSupport
import PacketWire
import Testing

@Suite("Frame: what stands between link and network")
struct FrameEncapsulationTests {
  static let macs = FrameLinkTests.macs
  static let datagram = KernelPackets.udpOverIPv4
  static let snap = hex("aaaa03 000000 0800")
  static let bottom = hex("00010140")
  /// 802.11 data from a station, not QoS.
  static let wifi = hex("0801 0000 111111111111 222222222222 333333333333 0000")

  /// Link type and what stands before the IPv4 packet.
  static let paths: [(LinkType, [UInt8])] = [
    (.ethernet, macs + [0, UInt8(8 + datagram.count)] + snap),
    (.ethernet, macs + [0, UInt8(8 + datagram.count)] + hex("aaaa03 0000f8 0800")),
    (.ethernet, macs + [0, UInt8(3 + datagram.count)] + hex("060603")),
    (.ethernet, macs + hex("8100 0001") + [0, UInt8(8 + datagram.count)] + snap),
    (.ethernet, macs + hex("8847") + bottom),
    (.ethernet, macs + hex("8848 00010040") + bottom),
    (.ethernet, macs + hex("8100 0001 8847") + bottom),
    (.ethernet, macs + hex("8864 1100 0001") + [0, UInt8(2 + datagram.count)] + hex("0021")),
    (
      .ethernet,
      macs + hex("8864 1100 0001") + [0, UInt8(6 + datagram.count)] + hex("0281") + bottom
    ),
    (.ppp, hex("0021")), (.ppp, hex("21")), (.ppp, hex("ff030021")),
    (.pppHDLC, hex("ff030021")), (.pppHDLC, hex("0f000800")),
    (.pppoe, hex("1100 0001") + [0, UInt8(2 + datagram.count)] + hex("0021")),
    (.ciscoHDLC, hex("0f000800")), (.ciscoHDLC, hex("8f008847") + bottom),
    (.frameRelay, hex("48e10800")), (.frameRelay, hex("48e103cc")),
    (.frameRelay, hex("48e1030080") + snap.dropFirst(3)),
    (.frameRelay, hex("80ea9d8847") + bottom),
    (.ieee80211, wifi + snap), (.ieee80211, hex("8801") + wifi.dropFirst(2) + hex("0000") + snap),
    (.radiotap, hex("0000 0800 00000000") + wifi + snap),
    (.linuxSLL, hex("0000 0001 0006 1213141516170000 0004") + snap),
  ]

  @Test("an IPv4 packet is found", arguments: paths.indices)
  func isFound(index: Int) {
    let (linkType, before) = Self.paths[index]
    let frame = decode(before + Self.datagram, linkType)
    #expect(frame.problem == nil && frame.networkOffset == before.count)
    #expect(frame.ports != nil)
    let plain = decode(Self.datagram, .ipv4)
    #expect(frame.network == plain.network && frame.transport == plain.transport)
  }

  @Test("IPv6 over labels and PPP")
  func ipv6() {
    for (linkType, before) in [
      (.ethernet, Self.macs + hex("8847") + Self.bottom), (.ppp, hex("0057")),
      (.ciscoHDLC, hex("0f0086dd")),
    ] as [(LinkType, [UInt8])] {
      let frame = decode(before + KernelPackets.synOverIPv6, linkType)
      #expect(frame.addresses?.source.family == .v6 && frame.problem == nil)
    }
  }

  @Test("the length of an 802.3 frame ends its payload, and padding is none")
  func padding() {
    let octets = Self.macs + hex("0009 aaaa03 00000c 2004 01") + [UInt8](repeating: 0, count: 37)
    let frame = decode(octets, .ethernet)
    #expect(frame.network == .none && frame.problem == nil)
    #expect(frame.payload == 14..<23 && frame.payloadLength == 9)
    // The length may be longer than what was captured, and never makes the frame longer.
    let cut = decode(Array(octets.prefix(20)), .ethernet, originalLength: 60)
    #expect(cut.payload == 14..<20 && cut.payloadLength == 9)
    let long = decode(Self.macs + hex("0100 4242 03 00"), .ethernet)
    #expect(long.payload == 14..<18 && long.payloadLength == 4)
  }

  @Test("ARP behind SNAP")
  func arp() {
    let octets = Self.macs + hex("0024 aaaa03 000000 0806") + ARPPacketTests.distinct
    let frame = decode(octets, .ethernet)
    guard case .arp = frame.network else {
      Issue.record("no ARP packet")
      return
    }
    #expect(frame.etherType == .arp && frame.networkOffset == 22)
  }

  @Test("PPPoE's length ends its payload")
  func pppoeLength() {
    let octets = Self.macs + hex("8864 1100 0007 0006 c021 0901 0004") + [1, 2, 3]
    let frame = decode(octets, .ethernet)
    #expect(frame.payload == 22..<26 && frame.payloadLength == 4 && frame.networkOffset == 22)
    #expect(frame.network == .none && frame.problem == nil)
    let discovery = decode(Self.macs + hex("8863 1109 0000 0004 01010000"), .ethernet)
    #expect(discovery.network == .none && discovery.problem == nil)
  }

  @Test("a stack without a bottom, too many labels, too many headers")
  func bounds() {
    let cut = decode(Self.macs + hex("8847 00010040 0001"), .ethernet)
    #expect(cut.problem == PacketError(.mpls, at: 18, .truncated(needed: 4, available: 2)))
    let endless = decode(
      Self.macs + hex("8847") + [UInt8](repeating: 0, count: 80), .ethernet)
    #expect(endless.problem == PacketError(.mpls, at: 78, .tooMany(limit: 16)))
    let nested = (0..<9).flatMap { _ in hex("aaaa03 000000 8100 0001 0005") }
    let deep = decode(Self.macs + hex("05dc") + nested, .ethernet)
    #expect(deep.problem == nil && deep.network == .none)
  }

  @Test("the check sequence and the padding of a radiotap frame are no payload")
  func radiotapFlags() {
    // Flags alone: check sequence at the end, header padded to a multiple of four.
    let padded = hex("8801") + Self.wifi.dropFirst(2) + hex("0000 ffff")
    for (flags, header, end) in [
      (0x10, Self.wifi, 4), (0x20, padded, 0), (0x30, padded, 4), (0, Self.wifi, 0),
    ] as [(UInt8, [UInt8], Int)] {
      let before = hex("0000 0900 02000000") + [flags] + header + Self.snap
      let frame = decode(
        before + Self.datagram + [UInt8](repeating: 9, count: end), .radiotap)
      #expect(frame.problem == nil && frame.networkOffset == before.count)
      #expect(frame.ports != nil)
    }
    // The time stamp before them is aligned to eight, behind all words of presence.
    let stamped = hex("0000 1900 03000080 00000000 00000000") + [1, 2, 3, 4, 5, 6, 7, 8, 0x10]
    let check = stamped + hex("d400 0000 111111111111") + [1, 2, 3, 4]
    let frame = decode(check, .radiotap)
    #expect(frame.problem == nil && frame.payload == 35..<35 && frame.payloadLength == 0)
    let bad = decode(hex("0000 0700 00000000"), .radiotap)
    #expect(bad.problem == PacketError(.radiotap, at: 2, .badHeaderLength(7)))
  }

  @Test("labels with nothing behind them carry nothing")
  func bareLabels() {
    let frame = decode(Self.macs + hex("8847") + Self.bottom, .ethernet)
    #expect(frame.problem == nil && frame.network == .none && frame.payload == 18..<18)
  }

  @Test("a radiotap header without flags has none, though something stands where they would")
  func noRadiotapFlags() {
    // A rate of 8 Mb/s looks like the flag of the check sequence.
    let rate = hex("0000 0900 04000000 10") + Self.wifi + hex("424203 0102030405")
    #expect(decode(rate, .radiotap).payload == 33..<41)
    // Flags are announced, but the header ends before them.
    let none = hex("0000 0800 02000000") + Self.wifi + Self.snap + Self.datagram
    #expect(decode(none, .radiotap).ports != nil)
  }

  @Test("no octets are no PPP frame")
  func emptyFrames() {
    let nothing = PacketError.Reason.truncated(needed: 1, available: 0)
    #expect(decode([], .pppHDLC).problem == PacketError(.ppp, at: 0, nothing))
    #expect(decode([], .pppHDLC).payloadLength == 0)
  }

  @Test("enciphered and empty 802.11 frames, and management frames, end with their header")
  func opaque() {
    for control in ["0841", "4801", "8000"] {
      let frame = decode(
        hex(control) + Self.wifi.dropFirst(2) + Self.snap + Self.datagram, .ieee80211)
      #expect(frame.problem == nil && frame.network == .none, "\(control)")
      #expect(frame.payload.lowerBound == 24)
    }
  }

  @Test(
    "a cut header is a problem of its own layer",
    arguments: [
      (.ppp, "", .ppp), (.pppHDLC, "", .ppp), (.pppHDLC, "0f00", .ciscoHDLC),
      (.ciscoHDLC, "0f0008", .ciscoHDLC), (.pppoe, "110000", .pppoe),
      (.ieee80211, "08", .ieee80211),
      (.radiotap, "0000", .radiotap), (.radiotap, "0000 0900 00000000", .radiotap),
    ] as [(LinkType, String, Layer)])
  func cut(linkType: LinkType, text: String, layer: Layer) {
    let frame = decode(hex(text), linkType, originalLength: 100)
    #expect(frame.problem?.layer == layer && frame.network == .none)
  }
}
