import LinuxNet
import LinuxSystem
import PacketWire

extension SocketStage {
  /// What loses and delays packets in the demonstration: only on the way to the server, so that what
  /// happens to the n-th packet depends on nothing but the seed.
  static let badLink = "delay 2ms loss 15%/0% late 25%:15ms/0%:1ms"

  /// Each as long as it is great, so that its length in a packet tells which one it is.
  private static let words = (1...8).map { String(repeating: "\($0)", count: $0) }

  /// The same eight messages over the same bad link, as datagrams and as a stream.
  func showLoss(seed: UInt64) throws(SystemError) {
    title(
      "loss",
      """
      The same eight messages over the same link, once as datagrams and once as a stream. The link \
      loses 15 packets in a hundred, and lets a quarter come 15 ms late (seed \(seed)). The first \
      message is one octet long and the eighth is eight, so that lengths tell which is which.
      """)
    guard hasWire else {
      return remark("This needs a link that loses; the loopback interface does not.")
    }
    try useWire(link: Self.badLink, seed: seed)
    showLostDatagrams()
    // The first packets of a new link have the same fate again.
    try useWire(link: Self.badLink, seed: seed)
    showRepairedStream()
  }

  private func showLostDatagrams() {
    guard let server = socket(.server, .internet, .datagram) else { return }
    server.bind(to: serverPlace)
    guard let client = socket(.client, .internet, .datagram) else { return }
    holdsWire = true
    for word in Self.words { client.send(Array(word.utf8), to: serverPlace) }
    _ = releaseWire { true }
    var received: [String] = []
    while let message = server.receiveMessage(room: 64) {
      received.append("\(message.count)")
    }
    let lost = Self.words.map { "\($0.count)" }.filter { !received.contains($0) }
    let isInOrder = received == received.sorted()
    remark(
      """
      Received: \(received.joined(separator: " ")). \
      \(lost.isEmpty ? "This time none was lost" : "Lost: \(lost.joined(separator: " "))"); the order \
      is \(isInOrder ? "the one in which they were sent" : "not the one in which they were sent"). \
      Neither the client nor the server was told.
      """)
    holdsWire = false
    for socket in [client, server] { socket.close() }
  }

  private func showRepairedStream() {
    guard let listener = socket(.server, .internet, .stream) else { return }
    listener.bind(to: serverPlace)
    listener.listen(backlog: 8)
    guard let client = socket(.client, .internet, .stream) else { return }
    client.set(.noDelay)
    holdsWire = true
    client.connect(to: serverPlace)
    // Segments of the handshake may be lost too; the kernels send them again after a second.
    _ = releaseWire { client.isReady(for: .write) && listener.isReady(for: .read) }
    client.connect(to: serverPlace)
    guard let server = listener.accept() else {
      return remark("The handshake did not come through in ten seconds. Try another seed.")
    }
    for word in Self.words { client.send(Array(word.utf8)) }
    let passages = releaseWire { server.waitingCount >= Self.words.joined().count }
    let received = String(decoding: server.receive(room: 64) ?? [], as: UTF8.self)
    let lost = passages.count { $0.arrivedAt == nil }
    let isWhole = received == Self.words.joined()
    remark(
      """
      \(lost == 0 ? "No segment was lost this time" : "\(counted(lost, "segment")) lost"), and recv \
      gave "\(received)"\(isWhole ? ": everything, once and in order" : ""). The server's \
      acknowledgements tell what is missing, and the client sends it again (RFC 9293 §3.8, RFC 2018).
      """)
    client.close()
    // The end of the stream is repaired like the rest of it.
    _ = releaseWire { server.isReady(for: .read) }
    holdsWire = false
    for socket in [server, listener] { socket.close() }
  }
}
