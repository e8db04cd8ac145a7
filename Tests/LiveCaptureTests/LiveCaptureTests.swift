import LinuxNet
import LinuxSystem
import LiveCapture
import PacketTestSupport
import PacketWire
import Testing

@Suite("Filter programs")
struct FilterProgramTests {
  /// Ethernet, IPv4, UDP from 192.0.2.1:4660 to 198.51.100.2:53.
  static let datagram = hex(
    """
    02 00 00 00 00 02  02 00 00 00 00 01  08 00
    45 00 00 1c  00 00 00 00  40 11 00 00  c0 00 02 01  c6 33 64 02
    12 34 00 35  00 08 00 00
    """)

  @Test(
    "an expression says which frames pass",
    arguments: [
      ("udp", true), ("tcp", false), ("port 53", true), ("src host 192.0.2.1", true),
      ("dst host 192.0.2.1", false), ("ip6", false), ("less 42", true), ("greater 43", false),
      ("", true),
    ])
  func matches(expression: String, expected: Bool) throws {
    let program = try FilterProgram(expression, linkType: .ethernet)
    let passes = program.matches(Self.datagram.span, originalLength: Self.datagram.count)
    #expect(passes == expected)
  }

  @Test("the link type decides where a filter looks")
  func linkType() throws {
    let program = try FilterProgram("udp port 53", linkType: .raw)
    let packet = Array(Self.datagram.dropFirst(14))
    let passes = program.matches(packet.span, originalLength: packet.count)
    let frame = program.matches(Self.datagram.span, originalLength: Self.datagram.count)
    #expect(passes == true && frame == false)
  }

  @Test("no octets and cut frames match nothing that they do not hold", arguments: [0, 14, 34])
  func cut(count: Int) throws {
    let program = try FilterProgram("udp port 53", linkType: .ethernet)
    let octets = Array(Self.datagram.prefix(count))
    let passes = program.matches(octets.span, originalLength: Self.datagram.count)
    #expect(passes == false)
  }

  @Test(
    "what does not compile is told with libpcap's word", arguments: ["tcp prt 80", "(", "port"])
  func errors(expression: String) {
    #expect {
      _ = try FilterProgram(expression, linkType: .ethernet)
    } throws: { error in
      (error as? FilterError)?.expression == expression
        && (error as? FilterError)?.reason.isEmpty == false
    }
  }
}

private let canCapture = (try? Privileges.holds(.netRaw)) ?? false

@Suite("Live capture", .serialized, .enabled(if: canCapture, "needs CAP_NET_RAW"))
struct LiveCaptureTests {
  @Test("on loopback exactly the packets of the filter come, in order")
  func loopback() throws {
    let receiver = try MessageSocket(.datagram(.udp), family: .v4)
    try receiver.bind(to: Endpoint(.v4(.loopback)))
    let target = try receiver.localEndpoint()
    var settings = LiveCapture.Settings(interface: "lo")
    settings.isImmediate = true
    let capture = try LiveCapture(settings)
    try capture.setFilter("udp dst port \(target.port)")
    let sender = try MessageSocket(.datagram(.udp), family: .v4)
    for number in 0..<20 as Range<UInt8> {
      let payload: [UInt8] = [number, 0xa5]
      try sender.send(payload.span, to: target)
    }
    var seen: [UInt8] = []
    var times: [WallInstant] = []
    var poller = Poller()
    _ = poller.add(capture.descriptorNumber, interest: .read)
    let deadline = MonotonicClock.now() + .seconds(60)
    while seen.count < 20, MonotonicClock.now() < deadline {
      try poller.wait(until: deadline)
      _ = try capture.dispatch(atMost: 64) { header, octets in
        times.append(header.time)
        let frame = Frame(
          decoding: octets, linkType: capture.linkType, originalLength: header.originalLength)
        if frame.payload.count == 2 { seen.append(octets[frame.payload.lowerBound]) }
      }
    }
    #expect(seen == Array(0..<20))
    #expect(times == times.sorted())
    // Both directions of loopback pass the filter; libpcap hands over one.
    #expect((capture.statistics()?.received ?? 0) >= 20)
    #expect(capture.statistics()?.droppedByKernel == 0)
  }

  @Test("any interface gives the second cooked header")
  func any() throws {
    let capture = try LiveCapture(LiveCapture.Settings(interface: "any"))
    let linkType = capture.linkType
    #expect(linkType == .linuxSLL2)
  }

  @Test("an interface that is not there is told with a remedy")
  func noDevice() {
    #expect {
      _ = try LiveCapture(LiveCapture.Settings(interface: "nosuch0"))
    } throws: { error in
      "\(error)".contains("nosuch0") && "\(error)".contains("sniff-swift -D")
    }
  }

  @Test func devices() throws {
    let names = try CaptureDevice.all().map(\.name)
    #expect(names.contains("lo") && names.contains("any"))
  }
}
