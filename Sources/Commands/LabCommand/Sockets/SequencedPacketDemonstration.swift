import LinuxNet
import LinuxSystem
import PacketWire

extension SocketStage {
  /// Sequenced-packet sockets: a connection that keeps boundaries.
  func showSequencedPackets() {
    title(
      "seqpacket",
      "A connection that keeps boundaries: messages come in order, whole, and none is lost.")
    guard let listener = socket(.server, .local, .sequencedPacket) else { return }
    // The name is everybody's on this host, so that it has to be one that nobody has.
    let name = PlainSocket.Address.abstract(
      "wirewalk-\(MonotonicClock.now().nanoseconds % 1_000_000)")
    listener.bind(to: name)
    listener.listen(backlog: 8)
    // A name of AF_UNIX belongs to a network namespace: both are on the server's host.
    guard let client = socket(.server, .local, .sequencedPacket, calledBy: .client) else { return }
    client.connect(to: name)
    guard let server = listener.accept() else { return }
    remark("AF_UNIX does not leave this kernel: nothing goes over any wire.")
    for word in ["one", "two", "three"] { client.send(Array(word.utf8)) }
    let first = server.receive(room: 64)
    _ = server.receive(room: 64)
    if first == Array("one".utf8) { remark("One recv for one send, in order.") }
    if let cut = server.receive(room: 2), cut.count == 2 {
      remark("What there was no room for is gone, as of a datagram.")
    }
    client.shutdownWriting()
    _ = server.receive(room: 64)
    for socket in [server, client, listener] { socket.close() }
    showSCTP()
  }

  private func showSCTP() {
    guard
      let socket = socket(.client, .internet, .sequencedPacket, protocolNumber: .sctp)
    else {
      return remark("Between hosts it would be SCTP (RFC 9260), which this kernel does not have.")
    }
    remark("This kernel has SCTP (RFC 9260), which does the same between hosts.")
    socket.close()
  }
}
