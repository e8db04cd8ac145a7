import Glibc
import LinuxNet
import LinuxSystem
import PacketWire
import Testing

/// The calls that were reported.
private final class CallLog {
  var calls: [SocketCall] = []

  /// The last call as a line.
  var last: String {
    guard let call = calls.last else { return "" }
    let words = call.arguments.map { argument in
      switch argument {
      case .word(let word): word
      case .octets(let octets): "'\(String(decoding: octets, as: UTF8.self))'"
      }
    }
    return "\(call.name)(\(words.joined(separator: ", "))) \(call.resultText)"
  }

  func open(
    _ family: PlainSocket.Family, _ kind: PlainSocket.Kind, _ number: IPProtocol? = nil
  ) -> PlainSocket? {
    PlainSocket(family, kind, protocolNumber: number) { self.calls.append($0) }
  }
}

@Suite("Sockets that tell their calls")
struct PlainSocketTests {
  @Test func datagrams() throws {
    let log = CallLog()
    let server = try #require(log.open(.internet, .datagram))
    #expect(log.last == "socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0) = \(server.number)")
    server.bind(to: .internet(Endpoint(.v4(.loopback))))
    #expect(log.last == "bind(\(server.number), 127.0.0.1:0) = 0")
    let place = try #require(server.localEndpoint)
    let client = try #require(log.open(.internet, .datagram))
    #expect(!server.isReady(for: .read))
    client.send(Array("hello".utf8), to: .internet(place))
    #expect(log.last == "sendto(\(client.number), 'hello', 5, 0, \(place)) = 5")
    #expect(server.isReady(for: .read) && server.waitingCount == 5)
    let port = try #require(client.localEndpoint).port
    #expect(server.receiveMessage(room: 3) == Array("hel".utf8))
    #expect(log.last == "recvfrom(\(server.number), 'hel', 3, 0, 127.0.0.1:\(port)) = 3")
    #expect(server.receiveMessage(room: 3) == nil)
    #expect(
      log.last == "recvfrom(\(server.number), '', 3, 0, -) = -1 EAGAIN "
        + "(Resource temporarily unavailable)")
    #expect(log.calls.last?.hasSucceeded == false && log.calls.last?.wouldWait == true)
    client.close()
    #expect(log.last == "close(\(client.number)) = 0")
    client.close()
    #expect(log.calls.count { $0.name == "close" } == 1)
  }

  @Test func aConversation() throws {
    let log = CallLog()
    let listener = try #require(log.open(.local, .sequencedPacket))
    let name = PlainSocket.Address.abstract("wirewalk-test-\(getpid())")
    listener.bind(to: name)
    #expect(log.last == "bind(\(listener.number), @wirewalk-test-\(getpid())) = 0")
    listener.listen(backlog: 3)
    #expect(log.last == "listen(\(listener.number), 3) = 0")
    let client = try #require(log.open(.local, .sequencedPacket))
    #expect(client.connect(to: name))
    let server = try #require(listener.accept())
    #expect(log.last == "accept4(\(listener.number), -, SOCK_NONBLOCK) = \(server.number)")
    #expect(client.send([0x68, 0x69]).hasSucceeded)
    #expect(log.last == "send(\(client.number), 'hi', 2, MSG_NOSIGNAL) = 2")
    client.shutdownWriting()
    #expect(log.last == "shutdown(\(client.number), SHUT_WR) = 0")
    #expect(server.receive(room: 9) == [0x68, 0x69] && server.receive(room: 9) == [])
    #expect(log.last == "recv(\(server.number), '', 9, 0) = 0")
  }

  @Test func failures() throws {
    let log = CallLog()
    let socket = try #require(log.open(.internet, .stream))
    socket.set(.reuseAddress)
    #expect(log.last == "setsockopt(\(socket.number), SOL_SOCKET, SO_REUSEADDR, 1) = 0")
    socket.set(.headerIncluded)
    #expect(
      log.last.hasSuffix("IPPROTO_IP, IP_HDRINCL, 1) = -1 ENOPROTOOPT (Protocol not available)"))
    socket.bind(to: .internet(Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 9)))
    #expect(
      log.last == "bind(\(socket.number), 192.0.2.1:9) = -1 EADDRNOTAVAIL "
        + "(Cannot assign requested address)")
    #expect(socket.accept() == nil)
    #expect(log.calls.last?.errorNumber == EINVAL)
    #expect(log.open(.local, .stream, .tcp) == nil)
    #expect(
      log.last.hasPrefix("socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP) = -1 EPROTO"))
  }
}
