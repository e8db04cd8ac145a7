import Glibc
import LinuxNet
import LinuxSystem
import PacketTestSupport
import PacketWire
import Testing

@Suite("ICMP echo over loopback, in a network of its own", .inOwnNetwork)
struct EchoTests {
  static let payload = hex("00010203 c0ffee00 f1f2f3f4")

  private func loopback(_ family: IPFamily) -> IPAddress {
    family == .v4 ? .v4(.loopback) : .v6(.loopback)
  }

  private func request(_ family: IPFamily, identifier: UInt16, sequence: UInt16) -> [UInt8] {
    echo(
      type: family == .v4 ? 8 : 128, identifier: identifier, sequence: sequence,
      payload: Self.payload)
  }

  /// Sends requests until a reply has a kernel stamp, for the first may lack one, and checks both.
  private func exchange(_ socket: borrowing MessageSocket, identifier: UInt16, skip: Int) throws {
    let (family, isIPv4) = (socket.family, socket.family == .v4)
    try socket.enableTimestamps()
    try socket.enableReceivedFields()
    try socket.setTimeToLive(44)
    let target = Endpoint(loopback(family))
    var buffer = [UInt8](repeating: 0, count: 200)
    var pause = Poller()
    for counter in 0..<2000 as Range<UInt32> {
      let sequence = 0x0a00 + UInt16(counter)
      try socket.send(
        request(family, identifier: identifier, sequence: sequence).span, to: target)
      try wait(for: socket.descriptorNumber, .read)
      let reply = try #require(try socket.receive(into: &buffer))
      let message = Array(buffer[skip..<reply.count])
      #expect(message[0] == (isIPv4 ? 0 : 129) && message[1] == 0)
      #expect(Array(message[4..<8]) == identifier.octets + sequence.octets)
      #expect(Array(message[8...]) == Self.payload)
      #expect(reply.source?.address == target.address && reply.destination == target.address)
      #expect(reply.timeToLive == 64)
      try wait(for: socket.descriptorNumber, [])
      guard case .transmitted(counter, let sent) = try socket.receiveError(into: &buffer) else {
        Issue.record("no TX stamp numbered \(counter)")
        return
      }
      guard let received = reply.kernelReceiveTime else {
        // A kernel thread switches the stamps on, some time after we asked for them.
        try pause.wait(until: MonotonicClock.now() + .milliseconds(5))
        continue
      }
      #expect(sent <= received && received - sent < .seconds(60))
      return
    }
    Issue.record("2000 replies and no kernel stamp")
  }

  @Test(arguments: IPFamily.allCases)
  func rawSockets(family: IPFamily) throws {
    try inOwnNetwork {
      let socket = try MessageSocket(.raw(family == .v4 ? .icmp : .icmpv6), family: family)
      try socket.attachFilter(.echoReplies(identifier: 0x5157, family: family))
      try exchange(socket, identifier: 0x5157, skip: family == .v4 ? 20 : 0)
    }
  }

  @Test(arguments: IPFamily.allCases)
  func datagramSockets(family: IPFamily) throws {
    try inOwnNetwork {
      try writeExistingFile("/proc/sys/net/ipv4/ping_group_range", "0 0")
      let socket = try MessageSocket(.datagram(family == .v4 ? .icmp : .icmpv6), family: family)
      try socket.bind(to: Endpoint(loopback(family), port: 0x4142))
      #expect(try socket.localEndpoint() == Endpoint(loopback(family), port: 0x4142))
      // Whatever identifier is sent, the kernel puts its own in its place.
      try exchange(socket, identifier: 0x4142, skip: 0)
    }
  }

  @Test("where no card stamps, the kernel's stamps are what they are without one being asked")
  func noCard() throws {
    try inOwnNetwork {
      let socket = try MessageSocket(.raw(.icmp), family: .v4)
      try socket.attachFilter(.echoReplies(identifier: 7, family: .v4))
      try socket.enableTimestamps(includingDevice: true, includingCard: true)
      var buffer = [UInt8](repeating: 0, count: 200)
      for counter in 0..<3 as Range<UInt32> {
        try socket.send(
          request(.v4, identifier: 7, sequence: 1).span, to: Endpoint(.v4(.loopback)))
        try awaitDelivery()
        guard case .transmitted(counter, let queued) = try socket.receiveError(into: &buffer),
          case .handedOver(counter, let sent) = try socket.receiveError(into: &buffer)
        else {
          Issue.record("no stamps numbered \(counter)")
          return
        }
        #expect(queued <= sent)
        #expect(try socket.receiveError(into: &buffer) == nil)
        #expect(try #require(try socket.receive(into: &buffer)).cardReceiveTime == nil)
      }
    }
  }

  @Test(arguments: IPFamily.allCases)
  func theFilterKeepsOthersOut(family: IPFamily) throws {
    try inOwnNetwork {
      let kind = MessageSocket.Kind.raw(family == .v4 ? .icmp : .icmpv6)
      let ours = try MessageSocket(kind, family: family)
      try ours.attachFilter(.echoReplies(identifier: 2, family: family))
      let all = try MessageSocket(kind, family: family)
      var buffer = [UInt8](repeating: 0, count: 200)
      for identifier in [1, 2, 3] as [UInt16] {
        try all.send(
          request(family, identifier: identifier, sequence: 1).span, to: Endpoint(loopback(family)))
      }
      try awaitDelivery()
      // Three requests and three replies.
      for _ in 0..<6 { #expect(try all.receive(into: &buffer) != nil) }
      #expect(try all.receive(into: &buffer) == nil)
      let reply = try #require(try ours.receive(into: &buffer))
      #expect(buffer[..<reply.count].suffix(16).prefix(2) == [0, 2])
      #expect(try ours.receive(into: &buffer) == nil)
    }
  }

  @Test func icmpTypesAreFiltered() throws {
    try inOwnNetwork {
      let socket = try MessageSocket(.raw(.icmp), family: .v4)
      try socket.acceptOnly(types: [0])
      try socket.send(
        request(.v4, identifier: 1, sequence: 1).span, to: Endpoint(.v4(.loopback)))
      try awaitDelivery()
      var buffer = [UInt8](repeating: 0, count: 200)
      // The request came by here as well.
      #expect(try socket.receive(into: &buffer) != nil)
      #expect(buffer[20] == 0)
      #expect(try socket.receive(into: &buffer) == nil)
    }
  }

  @Test func icmpv6TypesAreFiltered() throws {
    try inOwnNetwork {
      let socket = try MessageSocket(.raw(.icmpv6), family: .v6)
      try socket.acceptOnly(types: [129, 155])
      // A port means nothing to a raw socket; the kernel would take it for a protocol number.
      try socket.send(
        request(.v6, identifier: 1, sequence: 1).span, to: endpoint("::1", 99))
      for type in [139, 155, 171] as [UInt8] {
        let message = echo(type: type, identifier: 1, sequence: 1, payload: [])
        try socket.send(message.span, to: endpoint("::1"))
      }
      try awaitDelivery()
      var buffer = [UInt8](repeating: 0, count: 200)
      #expect(try socket.receive(into: &buffer) != nil)
      #expect(buffer[0] == 129)
      #expect(try socket.receive(into: &buffer) != nil)
      #expect(buffer[0] == 155)
      #expect(try socket.receive(into: &buffer) == nil)
    }
  }

  @Test func headerIncludedIPv4() throws {
    try inOwnNetwork {
      let socket = try MessageSocket(.raw(.icmp), family: .v4)
      try socket.setHeaderIncluded()
      let packet = ipv4Packet(
        from: .any, to: .loopback, timeToLive: 77,
        carrying: request(.v4, identifier: 5, sequence: 6))
      try socket.send(packet.span, to: endpoint("127.0.0.1"))
      try awaitDelivery()
      var buffer = [UInt8](repeating: 0, count: 200)
      let seen = try #require(try socket.receive(into: &buffer))
      #expect(seen.count == packet.count)
      #expect(buffer[4..<6] == [0xbe, 0xef] && buffer[8] == 77)
      #expect(buffer[12..<16] == [127, 0, 0, 1])  // a zero source is filled in
      #expect(buffer[20..<seen.count] == packet[20...])
      _ = try socket.receive(into: &buffer)
      #expect(buffer[20] == 0)
    }
  }

  @Test func headerIncludedIPv6() throws {
    try inOwnNetwork {
      let socket = try MessageSocket(.raw(.icmpv6), family: .v6)
      try socket.enableReceivedFields()
      try socket.setHeaderIncluded()
      let addresses = (IPAddress.v6(.loopback), IPAddress.v6(.loopback))
      let message = echo(
        type: 128, identifier: 5, sequence: 6, payload: Self.payload, between: addresses)
      let packet = ipv6Packet(from: .loopback, to: .loopback, hopLimit: 77, carrying: message)
      try socket.send(packet.span, to: endpoint("::1"))
      try awaitDelivery()
      var buffer = [UInt8](repeating: 0, count: 200)
      let seen = try #require(try socket.receive(into: &buffer))
      #expect(seen.timeToLive == 77)
      #expect(buffer[..<seen.count] == message[...])
      #expect(try socket.receive(into: &buffer)?.timeToLive == 64)
      #expect(buffer[0] == 129)
    }
  }

  @Test func typeOfServiceIsSent() throws {
    try inOwnNetwork {
      for family in IPFamily.allCases {
        let socket = try MessageSocket(.raw(family == .v4 ? .icmp : .icmpv6), family: family)
        try socket.enableReceivedFields()
        try socket.setTypeOfService(0x68)
        try socket.send(
          request(family, identifier: 1, sequence: 1).span, to: Endpoint(loopback(family)))
        try awaitDelivery()
        var buffer = [UInt8](repeating: 0, count: 200)
        #expect(try socket.receive(into: &buffer)?.typeOfService == 0x68)
      }
    }
  }

  @Test func noRouteIsAClearError() throws {
    try inOwnNetwork {
      let socket = try MessageSocket(.raw(.icmp), family: .v4)
      #expect(throws: SystemError("send", on: "to 192.0.2.1:0", errorNumber: ENETUNREACH)) {
        try socket.send(
          request(.v4, identifier: 1, sequence: 1).span, to: endpoint("192.0.2.1"))
      }
      #expect(throws: SystemError("connect to", on: "192.0.2.1:33434", errorNumber: ENETUNREACH)) {
        try sourceAddress(for: endpoint("192.0.2.1"))
      }
    }
  }
}

extension UInt16 {
  /// In network order.
  fileprivate var octets: [UInt8] { [UInt8(self >> 8), UInt8(self & 0xff)] }
}
