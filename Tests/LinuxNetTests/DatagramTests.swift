import Glibc
import LinuxNet
import LinuxSystem
import PacketTestSupport
import PacketWire
import Testing

@Suite("UDP sockets over loopback")
struct DatagramTests {
  private func bound(_ address: String) throws -> MessageSocket {
    let family: IPFamily = address.contains(":") ? .v6 : .v4
    let socket = try MessageSocket(.datagram(.udp), family: family)
    try socket.bind(to: endpoint(address))
    return socket
  }

  @Test(arguments: ["127.0.0.1", "::1"])
  func fieldsAndStampsArrive(address: String) throws {
    let receiver = try bound(address)
    try receiver.enableTimestamps()
    try receiver.enableReceivedFields()
    let sender = try bound(address)
    try sender.setTimeToLive(33)
    try sender.setTypeOfService(0xb8)
    let target = try receiver.localEndpoint()
    var buffer = [UInt8](repeating: 0xa5, count: 100)
    #expect(try receiver.receive(into: &buffer) == nil)
    // The first messages after the stamps were switched on may lack one.
    var received: Received?
    var pause = Poller()
    for attempt in 0..<2000 where received?.kernelReceiveTime == nil {
      if attempt > 0 { try pause.wait(until: MonotonicClock.now() + .milliseconds(5)) }
      try sender.send(hex("0102030405").span, to: target)
      try wait(for: receiver.descriptorNumber, .read)
      received = try receiver.receive(into: &buffer)
    }
    let message = try #require(received)
    #expect(message.count == 5 && message.originalCount == 5)
    #expect(buffer[..<6] == hex("0102030405a5")[...])
    #expect(try message.source == sender.localEndpoint())
    #expect(message.timeToLive == 33 && message.typeOfService == 0xb8)
    #expect(message.destination == target.address)
    #expect(message.interface == 1)
    let age = try WallClock.now() - #require(message.kernelReceiveTime)
    #expect(age > .seconds(-5) && age < .seconds(60))
  }

  @Test(arguments: ["127.0.0.1", "::1"])
  func timeToLiveOfOneMessage(address: String) throws {
    let receiver = try bound(address)
    try receiver.enableReceivedFields()
    let sender = try bound(address)
    var buffer = [UInt8](repeating: 0, count: 16)
    try sender.setTimeToLive(33)
    for timeToLive in [7, nil, 255] as [UInt8?] {
      try sender.send([1].span, to: receiver.localEndpoint(), timeToLive: timeToLive)
      try wait(for: receiver.descriptorNumber, .read)
      #expect(try receiver.receive(into: &buffer)?.timeToLive == timeToLive ?? 33)
    }
  }

  @Test func aSmallBufferKeepsTheStart() throws {
    let receiver = try bound("127.0.0.1")
    let sender = try bound("127.0.0.1")
    try sender.send([UInt8](0..<100).span, to: receiver.localEndpoint())
    try wait(for: receiver.descriptorNumber, .read)
    var buffer = [UInt8](repeating: 0, count: 10)
    let message = try #require(try receiver.receive(into: &buffer))
    #expect(message.count == 10 && message.originalCount == 100)
    #expect(buffer == Array(0..<10))
  }

  @Test(arguments: ["127.0.0.1", "::1"])
  func sendStampsCountFromZero(address: String) throws {
    let receiver = try bound(address)
    let sender = try bound(address)
    try sender.enableTimestamps()
    var buffer = [UInt8](repeating: 0, count: 16)
    for counter in 0..<3 as Range<UInt32> {
      try sender.send([1].span, to: receiver.localEndpoint())
      try wait(for: sender.descriptorNumber, [])
      guard case .transmitted(counter, let stamp) = try sender.receiveError(into: &buffer) else {
        Issue.record("no stamp with counter \(counter)")
        return
      }
      let age = WallClock.now() - stamp
      #expect(age > .seconds(-5) && age < .seconds(60))
      #expect(try sender.receiveError(into: &buffer) == nil)
    }
  }

  @Test(arguments: ["127.0.0.1", "::1"])
  func aClosedPortComesBackThroughTheErrorQueue(address: String) throws {
    let closed: Endpoint
    do { closed = try bound(address).localEndpoint() }
    let sender = try bound(address)
    try sender.enableErrorQueue()
    try sender.enableTimestamps()
    try sender.enableReceivedFields()
    try sender.send(hex("c0ffee").span, to: closed)
    var buffer = [UInt8](repeating: 0, count: 64)
    var report: ICMPReport?
    for _ in 0..<10 where report == nil {
      try wait(for: sender.descriptorNumber, [])
      while let entry = try sender.receiveError(into: &buffer) {
        if case .icmp(let found) = entry { report = found }
      }
    }
    let found = try #require(report)
    let isIPv4 = address == "127.0.0.1"
    // Destination unreachable, port unreachable (RFC 792, RFC 4443 §3.1).
    #expect(found.family == (isIPv4 ? .v4 : .v6))
    #expect(found.type == (isIPv4 ? 3 : 1) && found.code == (isIPv4 ? 3 : 4))
    #expect(found.offender == closed.address && found.destination == closed)
    #expect(found.errorNumber == ECONNREFUSED && found.information == 0)
    #expect(buffer[..<found.quotedCount] == hex("c0ffee")[...])
    #expect(found.timeToLive == 64)
  }

  @Test func aPendingReportFailsNeitherReceiveNorSend() throws {
    // The closed port last, for the next socket may be given a port that has just become free.
    let receiver = try bound("127.0.0.1")
    let sender = try bound("127.0.0.1")
    let closed: Endpoint
    do { closed = try bound("127.0.0.1").localEndpoint() }
    try sender.enableErrorQueue()
    var buffer = [UInt8](repeating: 0, count: 64)
    try sender.send([1].span, to: closed)
    try awaitDelivery()
    #expect(try sender.receive(into: &buffer) == nil)
    try sender.send([2].span, to: closed)
    try awaitDelivery()
    try sender.send([3].span, to: receiver.localEndpoint())
    try wait(for: receiver.descriptorNumber, .read)
    #expect(try receiver.receive(into: &buffer)?.count == 1)
    #expect(buffer[0] == 3)
    var reports = 0
    while let entry = try sender.receiveError(into: &buffer) {
      if case .icmp = entry { reports += 1 }
    }
    #expect(reports == 2)
  }

  @Test func withoutAnErrorQueueAConnectedSocketThrows() throws {
    let closed: Endpoint
    do { closed = try bound("127.0.0.1").localEndpoint() }
    let sender = try bound("127.0.0.1")
    try sender.connect(to: closed)
    try sender.send([1].span)
    try awaitDelivery()
    var buffer = [UInt8](repeating: 0, count: 64)
    #expect(throws: SystemError("receive", errorNumber: ECONNREFUSED)) {
      try sender.receive(into: &buffer)
    }
  }

  @Test func connectedSocketsNeedNoDestination() throws {
    let first = try bound("::1")
    let second = try bound("::1")
    try first.connect(to: second.localEndpoint())
    try first.send([4].span)
    try wait(for: second.descriptorNumber, .read)
    var buffer = [UInt8](repeating: 0, count: 4)
    #expect(try second.receive(into: &buffer)?.source == first.localEndpoint())
  }

  @Test func tooLongIsALocalReport() throws {
    let sender = try bound("127.0.0.1")
    try sender.enableErrorQueue()
    try sender.setPathMTUDiscovery(.refuseLarger)
    let target = endpoint("127.0.0.1", 9)
    #expect(throws: SystemError("send", on: "to 127.0.0.1:9", errorNumber: EMSGSIZE)) {
      try sender.send([UInt8](repeating: 0, count: 65520).span, to: target)
    }
    var buffer = [UInt8](repeating: 0, count: 64)
    guard case .local(EMSGSIZE, let mtu) = try sender.receiveError(into: &buffer) else {
      Issue.record("no local report")
      return
    }
    #expect(mtu > 0)
    // One for each try, for the first might have been a report about an earlier message.
    for _ in 0..<3 {
      #expect(
        try sender.receiveError(into: &buffer) == .local(errorNumber: EMSGSIZE, information: mtu))
    }
    #expect(try sender.receiveError(into: &buffer) == nil)
  }

  @Test(.inOwnNetwork) func whatARouterSaysOfALongMessageDoesNotFailAShortOne() throws {
    try inOwnNetwork {
      let receiver = try bound("127.0.0.1")
      let sender = try bound("127.0.0.1")
      try sender.enableErrorQueue()
      try sender.setPathMTUDiscovery(.probe)
      let router = try MessageSocket(.raw(.icmp), family: .v4)
      let target = try receiver.localEndpoint()
      let message = tooBig(try sender.localEndpoint(), target, says: 1_460)
      try router.send(message.span, to: endpoint("127.0.0.1"))
      try awaitDelivery()
      try sender.send([7].span, to: target)
      try wait(for: receiver.descriptorNumber, .read)
      var buffer = [UInt8](repeating: 0, count: 64)
      #expect(try receiver.receive(into: &buffer)?.count == 1)
      guard case .icmp(let report) = try sender.receiveError(into: &buffer) else {
        Issue.record("no report")
        return
      }
      #expect(report.errorNumber == EMSGSIZE && report.information == 1_460)
      #expect(try sender.receiveError(into: &buffer) == nil)
    }
  }

  /// "Fragmentation needed" (RFC 1191 §4) about a datagram between the two.
  private func tooBig(
    _ source: Endpoint, _ destination: Endpoint, says mtu: UInt16
  ) -> [UInt8] {
    let datagram = [UInt8](capacity: 8) {
      $0.append(bigEndian: source.port)
      $0.append(bigEndian: destination.port)
      $0.append(bigEndian: UInt16(8))
      $0.append(bigEndian: UInt16(0))
    }
    let quoted = ipv4Packet(
      from: .loopback, to: .loopback, timeToLive: 9, carrying: datagram, protocolNumber: .udp)
    var octets: [UInt8] = [3, 4, 0, 0, 0, 0, UInt8(mtu >> 8), UInt8(mtu & 0xff)] + quoted
    var checksum = InternetChecksum()
    checksum.add(octets.span)
    (octets[2], octets[3]) = (UInt8(checksum.value >> 8), UInt8(checksum.value & 0xff))
    return octets
  }

  @Test func interfacesAndSourceAddress() throws {
    let interfaces = try NetworkInterface.all()
    let loopback = try #require(interfaces.first { $0.name == "lo" })
    #expect(loopback.index == 1 && loopback.isLoopback && loopback.isUp)
    #expect(
      loopback.addresses.contains {
        $0.address == IPAddress("127.0.0.1") && $0.length == 8
      })
    #expect(Set(interfaces.map(\.name)).count == interfaces.count)
    #expect(try sourceAddress(for: endpoint("127.0.0.1")) == IPAddress("127.0.0.1"))
    #expect(try sourceAddress(for: endpoint("::1")) == IPAddress("::1"))
  }

  @Test func interfaceMustExist() throws {
    let socket = try MessageSocket(.datagram(.udp), family: .v4)
    #expect(
      throws: SystemError(
        "bind to interface", on: "nonesuch0", errorNumber: ENODEV,
        remedy: "`ip link` lists the interfaces")
    ) { try socket.bind(toInterface: "nonesuch0") }
    try socket.bind(toInterface: "lo")
  }
}
