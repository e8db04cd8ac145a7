import LiveCapture
import PacketTestSupport
import PacketWire
import Testing

@testable import SniffCommand

/// Frames without a link-layer header, from 192.0.2.1 to 198.51.100.2 and back.
private enum Packets {
  static let there = "c0000201 c6336402"
  static let back = "c6336402 c0000201"
  static func tcp(_ addresses: String, ports: String, flags: String = "02") -> [UInt8] {
    hex(
      "45000028 00000000 4006 0000 \(addresses) \(ports) 00000001 00000000 50\(flags)2000 00000000")
  }
  static let udp = hex("4500001c 00000000 4011 0000 \(there) 12340035 00080000")
  static let answer = hex("4500001c 00000000 4011 0000 \(back) 00351234 00080000")
  static let echo = hex("4500001c 00000000 4001 0000 \(there) 0800 0000 00070001")
  static let echoReply = hex("4500001c 00000000 4001 0000 \(back) 0000 0000 00070001")
  static let outside = tcp(back, ports: "56780050")
  /// A router says that the datagram took too long.
  static let error = hex("45000038 00000000 4001 0000 cb007101 c0000201 0b00 0000 00000000") + udp
  static let firstPiece = hex("4500001c 00092000 4011 0000 \(there) 12340035 00180000")
  static let nextPiece = hex("4500001c 00090001 4011 0000 \(there) 6162636465666768")
  static let otherPiece = hex("4500001c 000a0001 4011 0000 \(there) 6162636465666768")
  static let arp = hex("00010800 06040001 020000000001 c0000201 000000000000 c6336402")
}

/// Counts what is asked.
private final class Asked {
  var flows: [PacketFlow] = []
}

@Suite("Whose packets are")
struct FlowOwnersTests {
  private static let curl = PacketProcess(number: 28, name: "curl")
  private static let server = PacketProcess(number: 7, name: "httpd")

  private func owners(
    _ asked: Asked, limits: Bool = true, _ answer: @escaping (Int) -> FlowOwner
  ) -> FlowOwners {
    FlowOwners(
      .init(limitsToCommand: limits, showsProcesses: true),
      addresses: [.v4(IPv4Address(bits: 0xc000_0201))]
    ) { flow in
      asked.flows.append(flow)
      return answer(asked.flows.count)
    }
  }

  private func judge(
    _ owners: FlowOwners, _ octets: [UInt8], at seconds: Int64 = 1
  ) -> FlowOwners.Verdict {
    owners.judge(
      octets.span, linkType: .raw,
      CapturedHeader(
        time: WallInstant(nanoseconds: seconds * 1_000_000_000), originalLength: octets.count))
  }

  @Test("a flow is asked for once, and answers and errors belong to it")
  func once() {
    let asked = Asked()
    let owners = owners(asked) { _ in FlowOwner(sender: Self.curl, isCommands: true) }
    for packet in [Packets.udp, Packets.answer, Packets.udp, Packets.error] {
      let verdict = judge(owners, packet)
      #expect(verdict.isWanted && verdict.process == Self.curl)
    }
    #expect(asked.flows.count == 1 && asked.flows.first?.destinationPort == 53)
    #expect(owners.goneCount == 0)
  }

  @Test("the sender is named, of either direction")
  func directions() {
    let owners = owners(Asked()) { _ in
      FlowOwner(sender: Self.curl, receiver: Self.server, isCommands: true)
    }
    #expect(judge(owners, Packets.udp).process == Self.curl)
    #expect(judge(owners, Packets.answer).process == Self.server)
  }

  @Test("what is another's does not pass, unless all is asked for", arguments: [true, false])
  func others(limits: Bool) {
    let asked = Asked()
    let owners = owners(asked, limits: limits) { _ in FlowOwner(sender: Self.server) }
    let verdict = judge(owners, Packets.udp)
    #expect(verdict.isWanted == !limits && verdict.process == Self.server)
    #expect(judge(owners, Packets.answer).isWanted == !limits)
    #expect(asked.flows.count == 1)
  }

  @Test("a socket that is gone: what only a process here can have begun passes, and is counted")
  func gone() {
    let asked = Asked()
    let owners = owners(asked) { _ in .lost }
    let refused = Packets.tcp(Packets.back, ports: "00501234", flags: "14")
    #expect(judge(owners, Packets.tcp(Packets.there, ports: "12340050")).isWanted)
    #expect(judge(owners, refused).isWanted)
    #expect(owners.goneCount == 2 && asked.flows.count == 1)
    // From outside, and in the middle of a connection.
    #expect(!judge(owners, Packets.tcp(Packets.back, ports: "56780050")).isWanted)
    #expect(!judge(owners, Packets.tcp(Packets.there, ports: "99990050", flags: "10")).isWanted)
    #expect(!judge(owners, Packets.echoReply).isWanted)
    #expect(judge(owners, Packets.echo).isWanted && judge(owners, Packets.echoReply).isWanted)
  }

  @Test("what was there before the command is not presumed to be its")
  func older() {
    let owners = owners(Asked()) { _ in .lost }
    owners.start = WallInstant(nanoseconds: 5_000_000_000)
    #expect(!judge(owners, Packets.udp, at: 4).isWanted)
    #expect(!judge(owners, Packets.answer, at: 6).isWanted)
    #expect(!judge(owners, Packets.udp, at: 6).isWanted)
    #expect(judge(owners, Packets.echo, at: 5).isWanted)
    #expect(owners.goneCount == 1)
  }

  @Test("a sender whose socket is gone, and a receiver that is not the command's")
  func goneSender() {
    for (socket, isWanted) in [
      (FlowOwner.Socket.missing, true), (.unheld, true), (.held, false),
    ] {
      let owners = owners(Asked()) { _ in
        var owner = FlowOwner(receiver: Self.server)
        (owner.senderSocket, owner.receiverSocket) = (socket, .held)
        return owner
      }
      #expect(judge(owners, Packets.udp).isWanted == isWanted)
      #expect(judge(owners, Packets.answer).isWanted == isWanted)
      #expect(owners.goneCount == (isWanted ? 2 : 0))
    }
  }

  @Test("a socket that is not there yet is asked for again, three times in all")
  func later() {
    let asked = Asked()
    let late = owners(asked) { number in
      number < 3 ? .lost : FlowOwner(sender: Self.curl, isCommands: true)
    }
    #expect(
      (1...4).map { _ in judge(late, Packets.outside).isWanted } == [false, false, true, true])
    #expect(asked.flows.count == 3)
    let never = Asked()
    let owners = owners(never) { _ in .lost }
    for _ in 1...9 { _ = judge(owners, Packets.outside) }
    #expect(never.flows.count == 3)
  }

  @Test("a connection that nobody has accepted yet is asked for again")
  func unsettled() {
    let asked = Asked()
    let owners = owners(asked) { number in
      var owner = FlowOwner(sender: Self.server)
      owner.receiverSocket = number == 1 ? .unheld : .held
      owner.isCommands = number == 2
      return owner
    }
    let packet = Packets.outside
    #expect((1...3).map { _ in judge(owners, packet).isWanted } == [false, true, true])
    #expect(asked.flows.count == 2)
  }

  @Test("pieces follow the first one; neighbours are found in everybody's name")
  func pieces() {
    let owners = owners(Asked()) { _ in FlowOwner(sender: Self.curl, isCommands: true) }
    #expect(!judge(owners, Packets.nextPiece).isWanted)
    #expect(judge(owners, Packets.firstPiece).isWanted)
    #expect(judge(owners, Packets.nextPiece).isWanted)
    #expect(!judge(owners, Packets.otherPiece).isWanted)
    let frame = hex("ffffffffffff 020000000001 0806") + Packets.arp
    #expect(
      owners.judge(
        frame.span, linkType: .ethernet,
        CapturedHeader(time: WallInstant(nanoseconds: 0), originalLength: frame.count)
      ).isWanted)
    #expect(!judge(owners, [0x45, 0]).isWanted)
  }

  @Test("questions and answers survive the way to the helper and back")
  func octets() throws {
    let frame = Frame(decoding: Packets.udp.span, linkType: .raw)
    let found = PacketFlow(frame, Packets.udp.span)
    let flow = try #require(found)
    #expect(PacketFlow(flow.octets) == flow)
    let six = PacketFlow(
      protocolNumber: 6, source: .v6(IPv6Address(bits: 1)),
      destination: .v6(IPv6Address(bits: .max)),
      sourcePort: 1, destinationPort: 65_535)
    #expect(PacketFlow(six.octets) == six)
    #expect(PacketFlow([]) == nil && PacketFlow(Array(six.octets.dropLast())) == nil)
    for owner in [
      FlowOwner(), .lost, FlowOwner(sender: Self.curl, isCommands: true),
      FlowOwner(sender: Self.curl, receiver: Self.server),
    ] {
      #expect(FlowOwner(owner.octets) == owner)
    }
    #expect(FlowOwner([]) == nil && FlowOwner([0, 0, 0, 0, 0, 0, 0, 0, 0]) == nil)
  }
}
