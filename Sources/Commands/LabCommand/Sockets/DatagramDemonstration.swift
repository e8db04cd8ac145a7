import LinuxNet
import PacketWire

extension SocketStage {
  /// Datagram sockets: UDP, and what it does not do.
  func showDatagrams() {
    title(
      "datagram", "No connection. Each message is a packet by itself: it comes whole or not at all."
    )
    guard let server = socket(.server, .internet, .datagram) else { return }
    server.bind(to: serverPlace)
    guard let client = socket(.client, .internet, .datagram) else { return }
    let place = place(of: server)
    client.send(Array("one".utf8), to: place)
    remark(
      hasWire
        ? "One packet and nothing back: sendto says that it has left, not that it has come."
        : "sendto says that it has left, not that it has come.")
    for word in ["two", "three"] { client.send(Array(word.utf8), to: place) }
    let first = server.receiveMessage(room: 64)
    _ = server.receiveMessage(room: 64)
    if first == Array("one".utf8) {
      remark("Each recvfrom gives one message, and who sent it: boundaries are kept.")
    }
    if let cut = server.receiveMessage(room: 2), cut.count == 2 {
      remark("There was room for two octets only. The rest of the message is gone:")
    }
    _ = server.receiveMessage(room: 64)
    server.close()
    showRefusal(client, at: place)
    client.close()
  }

  private func showRefusal(_ client: PlainSocket, at place: PlainSocket.Address) {
    remark("Now nobody is there. With connect, which sends nothing, the client hears of that:")
    client.connect(to: place)
    client.send(Array("four".utf8))
    let second = client.send(Array("five".utf8))
    if !second.hasSucceeded {
      remark("The ICMP error for the first message is told at the next call (RFC 1122 §4.1.3.3).")
    }
  }
}
