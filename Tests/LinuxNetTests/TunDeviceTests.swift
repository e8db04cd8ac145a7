import Glibc
import LinuxNet
import LinuxSystem
import PacketTestSupport
import PacketWire
import Testing

@Suite("TUN devices and routes, in a network of their own", .inOwnNetwork, .withTunDevices)
struct TunDeviceTests {
  /// A TUN device with an address of each family, and default routes through it.
  private func tunnel() throws -> TunDevice {
    let tunnel = try TunDevice(name: "wire%d")
    var routes = try RouteNetlink()
    try routes.addAddress(IPPrefix(endpoint("192.0.2.1").address, length: 24), to: tunnel.name)
    try routes.addAddress(IPPrefix(endpoint("2001:db8::1").address, length: 64), to: tunnel.name)
    try routes.setLinkUp(tunnel.name, mtu: 1400)
    for family in IPFamily.allCases {
      try routes.addRoute(to: .everything(family), device: tunnel.name)
    }
    for text in ["192.0.2.1", "2001:db8::1"] {
      try routes.waitForAddress(
        endpoint(text).address, until: MonotonicClock.now() + .seconds(20))
    }
    return tunnel
  }

  /// The next packet that `wanted` accepts; the kernel sends router solicitations of its own.
  private func read(
    _ tunnel: borrowing TunDevice, where wanted: ([UInt8]) -> Bool
  ) throws -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 2000)
    for _ in 0..<20 {
      try wait(for: tunnel.descriptorNumber, .read)
      guard let count = try tunnel.read(into: &buffer) else { return nil }
      if wanted(Array(buffer[..<count])) { return Array(buffer[..<count]) }
    }
    return nil
  }

  @Test func theKernelAnswersIPv4() throws {
    try inOwnNetwork {
      let tunnel = try tunnel()
      #expect(tunnel.name == "wire0")
      let payload = hex("c0ffee00 01020304")
      let request = ipv4Packet(
        from: IPv4Address(203, 0, 113, 9), to: IPv4Address(192, 0, 2, 1), timeToLive: 9,
        carrying: echo(type: 8, identifier: 0x1234, sequence: 0x5678, payload: payload))
      try tunnel.write(request.span)
      let answer = try #require(try read(tunnel) { $0[0] == 0x45 && $0[9] == 1 })
      #expect(answer[12..<20] == [192, 0, 2, 1, 203, 0, 113, 9])
      #expect(
        Array(answer[20...])
          == echo(type: 0, identifier: 0x1234, sequence: 0x5678, payload: payload))
    }
  }

  @Test func theKernelAnswersIPv6() throws {
    try inOwnNetwork {
      let tunnel = try tunnel()
      let (here, there) = (endpoint("2001:db8::1").address, endpoint("2001:db8:7::9").address)
      guard case .v6(let kernel) = here, case .v6(let peer) = there else { return }
      let request = ipv6Packet(
        from: peer, to: kernel, hopLimit: 9,
        carrying: echo(
          type: 128, identifier: 1, sequence: 2, payload: [7], between: (there, here)))
      try tunnel.write(request.span)
      let answer = try #require(try read(tunnel) { $0[0] == 0x60 && $0[6] == 58 && $0[40] == 129 })
      #expect(
        Array(answer[40...])
          == echo(type: 129, identifier: 1, sequence: 2, payload: [7], between: (here, there)))
    }
  }

  @Test func aRoutersErrorComesBackThroughTheErrorQueue() throws {
    try inOwnNetwork {
      let tunnel = try tunnel()
      let socket = try MessageSocket(.datagram(.udp), family: .v4)
      try socket.enableErrorQueue()
      let target = endpoint("203.0.113.5", 33435)
      try socket.send(hex("0a0b0c0d").span, to: target, timeToLive: 2)
      let probe = try #require(try read(tunnel) { $0[0] == 0x45 && $0[9] == 17 })
      #expect(probe[8] == 2)
      var buffer = [UInt8](repeating: 0, count: 100)
      #expect(try socket.receiveError(into: &buffer) == nil)

      // Time exceeded, then fragmentation needed with an MTU of 1300 (RFC 792, RFC 1191 §4).
      for (type, code, rest) in [(11, 0, 0), (3, 4, 1300)] as [(UInt8, UInt8, UInt16)] {
        var error = echo(type: type, identifier: 0, sequence: rest, payload: probe)
        error[1] = code
        (error[2], error[3]) = (0, 0)
        var checksum = InternetChecksum()
        checksum.add(error.span)
        (error[2], error[3]) = (UInt8(checksum.value >> 8), UInt8(checksum.value & 0xff))
        try tunnel.write(
          ipv4Packet(
            from: IPv4Address(198, 51, 100, 7), to: IPv4Address(192, 0, 2, 1), timeToLive: 60,
            carrying: error
          ).span)
        try wait(for: socket.descriptorNumber, [])
        guard case .icmp(let report) = try socket.receiveError(into: &buffer) else {
          Issue.record("no report of type \(type)")
          return
        }
        #expect(report.type == type && report.code == code && report.family == .v4)
        #expect(report.offender == IPAddress("198.51.100.7") && report.destination == target)
        #expect(report.information == UInt32(rest))
        #expect(report.errorNumber == (type == 11 ? EHOSTUNREACH : EMSGSIZE))
        #expect(buffer[..<report.quotedCount] == hex("0a0b0c0d")[...])
      }
    }
  }

  @Test(arguments: IPFamily.allCases)
  func timeToLiveCountsForGroupsToo(family: IPFamily) throws {
    try inOwnNetwork {
      let tunnel = try tunnel()
      let socket = try MessageSocket(.datagram(.udp), family: family)
      try socket.setTimeToLive(41)
      let group = family == .v4 ? "239.1.2.3" : "ff05::1234"
      for target in [group, family == .v4 ? "203.0.113.5" : "2001:db8:9::5"] {
        try socket.send([1].span, to: endpoint(target, 4000))
        let hops = family == .v4 ? 8 : 7
        let packet = try read(tunnel) {
          family == .v4 ? $0[0] == 0x45 && $0[9] == 17 : $0[0] == 0x60 && $0[6] == 17
        }
        #expect(try #require(packet)[hops] == 41)
      }
    }
  }

  /// The interface takes 1400 octets; the path is then said to take 1300.
  @Test(arguments: [
    (MessageSocket.PathMTUDiscovery.off, false, true, true),
    (.fragmentAsNeeded, true, true, true), (.refuseLarger, true, false, false),
    (.probe, true, false, true),
  ])
  func pathMTUDiscovery(
    mode: MessageSocket.PathMTUDiscovery, dontFragment: Bool, moreThanLink: Bool, moreThanPath: Bool
  ) throws {
    try inOwnNetwork {
      let tunnel = try tunnel()
      let socket = try MessageSocket(.datagram(.udp), family: .v4)
      try socket.setPathMTUDiscovery(mode)
      let target = endpoint("203.0.113.5", 4000)
      func sends(_ count: Int) throws -> [UInt8]? {
        do throws(SystemError) {
          try socket.send([UInt8](repeating: 0, count: count).span, to: target)
        } catch {
          #expect(error.errorNumber == EMSGSIZE)
          return nil
        }
        return try read(tunnel) { $0[0] == 0x45 && $0[9] == 17 }
      }
      let small = try #require(try sends(100))
      #expect((small[6] & 0x40 != 0) == dontFragment)
      let large = try sends(1500)
      #expect((large != nil) == moreThanLink)

      var error = echo(type: 3, identifier: 0, sequence: 1300, payload: Array(small[..<28]))
      error[1] = 4
      (error[2], error[3]) = (0, 0)
      var checksum = InternetChecksum()
      checksum.add(error.span)
      (error[2], error[3]) = (UInt8(checksum.value >> 8), UInt8(checksum.value & 0xff))
      try tunnel.write(
        ipv4Packet(
          from: IPv4Address(198, 51, 100, 7), to: IPv4Address(192, 0, 2, 1), timeToLive: 60,
          carrying: error
        ).span)
      let medium = try sends(1350)
      #expect((medium != nil) == moreThanPath)
    }
  }

  @Test func interfacesAreListed() throws {
    try inOwnNetwork {
      let tunnel = try tunnel()
      let interfaces = try NetworkInterface.all()
      let found = try #require(interfaces.first { $0.name == tunnel.name })
      #expect(found.isUp && !found.isLoopback && found.index > 1)
      let text = found.addresses.map(\.description)
      #expect(text.contains("192.0.2.1/24") && text.contains("2001:db8::1/64"))
      #expect(try sourceAddress(for: endpoint("203.0.113.1")) == IPAddress("192.0.2.1"))
      #expect(try sourceAddress(for: endpoint("2001:db8:5::1")) == IPAddress("2001:db8::1"))
    }
  }

  @Test func routesWithAGatewayAndAPair() throws {
    try inOwnNetwork {
      var routes = try RouteNetlink()
      try routes.addVirtualEthernetPair("left", "right")
      for name in ["left", "right"] { try routes.setLinkUp(name, mtu: 1280) }
      try routes.addAddress(IPPrefix(endpoint("198.18.0.1").address, length: 30), to: "left")
      let far = IPPrefix(endpoint("203.0.113.0").address, length: 24)
      try routes.addRoute(to: far, via: endpoint("198.18.0.2").address, device: "left")
      #expect(try sourceAddress(for: endpoint("203.0.113.77")) == IPAddress("198.18.0.1"))
      #expect(
        throws: SystemError("add route", on: "203.0.113.0/24 through left", errorNumber: EEXIST)
      ) { try routes.addRoute(to: far, via: endpoint("198.18.0.2").address, device: "left") }
      let mtu = String(decoding: try readFile("/proc/sys/net/ipv6/conf/left/mtu"), as: UTF8.self)
      #expect(mtu == "1280\n")
    }
  }

  @Test func routingErrorsAreClear() throws {
    try inOwnNetwork {
      let tunnel = try tunnel()
      var routes = try RouteNetlink()
      let address = IPPrefix(endpoint("192.0.2.1").address, length: 24)
      #expect(
        throws: SystemError("add address", on: "192.0.2.1/24 to wire0", errorNumber: EEXIST)
      ) { try routes.addAddress(address, to: tunnel.name) }
      #expect(
        throws: SystemError(
          "find interface", on: "nonesuch", errorNumber: ENODEV,
          remedy: "`ip link` lists the interfaces")
      ) { try routes.setLinkUp("nonesuch") }
      #expect(throws: SystemError("create TUN interface", on: "wire0", errorNumber: EBUSY)) {
        _ = try TunDevice(name: "wire0")
      }
      #expect(
        throws: SystemError(
          "create TUN interface", on: "a-name-too-long-", errorNumber: ENAMETOOLONG)
      ) { _ = try TunDevice(name: "a-name-too-long-") }
    }
  }

  @Test func anInterfaceThatIsDownTakesNothing() throws {
    try inOwnNetwork {
      let tunnel = try TunDevice()
      #expect(tunnel.name == "tun0")
      #expect(throws: SystemError("write a packet to", on: "tun0", errorNumber: EIO)) {
        try tunnel.write(
          ipv4Packet(from: .loopback, to: .loopback, timeToLive: 1, carrying: []).span)
      }
    }
  }

  @Test(arguments: ["192.0.2.2", "2001:db8::2", "127.0.0.1"])
  func waitingForAnAddress(text: String) throws {
    try inOwnNetwork {
      let tunnel = try tunnel()
      var routes = try RouteNetlink()
      let address = endpoint(text).address
      guard text != "127.0.0.1" else {
        return try routes.waitForAddress(address, until: MonotonicClock.now())
      }
      // It is routed into the tunnel, not to this host.
      #expect(throws: SystemError("wait for address", on: text, errorNumber: ETIMEDOUT)) {
        try routes.waitForAddress(address, until: MonotonicClock.now() + .milliseconds(5))
      }
      try routes.addAddress(IPPrefix(address, length: 32), to: tunnel.name)
      try routes.waitForAddress(address, until: MonotonicClock.now() + .seconds(20))
      // There is no route at all where nothing but loopback is.
      try Namespaces.enterNewNetworkNamespace()
      var empty = try RouteNetlink()
      #expect(throws: SystemError("wait for address", on: text, errorNumber: ETIMEDOUT)) {
        try empty.waitForAddress(address, until: MonotonicClock.now())
      }
    }
  }

  @Test func namespacesCanBeEnteredAgain() throws {
    try inOwnNetwork {
      let tunnel = try tunnel()
      let here = try Namespace.current(.network)
      try Namespaces.enterNewNetworkNamespace()
      #expect(try !NetworkInterface.all().contains { $0.name == tunnel.name })
      try here.enter()
      #expect(try NetworkInterface.all().contains { $0.name == tunnel.name })
    }
  }
}
