import LinuxNet
import PacketWire

extension SocketStage {
  /// Stream sockets: TCP, from the first segment to the last.
  func showStream() {
    title(
      "stream",
      "A connection. Octets come in order and none is lost; where a message ends is not kept.")
    guard let listener = socket(.server, .internet, .stream) else { return }
    listener.set(.reuseAddress)
    listener.bind(to: serverPlace)
    listener.listen(backlog: 8)
    remark("From here on the kernel answers whoever knocks; accept only fetches whom it let in.")
    guard let client = socket(.client, .internet, .stream) else { return }
    if !client.connect(to: place(of: listener)) {
      remark(
        """
        A socket without SOCK_NONBLOCK would have waited here for the three-way handshake: SYN, SYN and \
        ACK, ACK (RFC 9293 §3.5). It is over by now:
        """)
      client.connect(to: place(of: listener))
    }
    guard let server = listener.accept() else { return }
    remark("A socket for this client alone; the first one goes on listening.")
    let words = ["one", "two", "three"]
    for word in words { client.send(Array(word.utf8)) }
    let received = server.receive(room: 64) ?? []
    let isJoined = received == Array(words.joined().utf8)
    remark(
      isJoined
        ? "Three times send, once recv: a stream has no boundaries but those that its users put into it."
        : "What three calls have sent may come by one, two, three or eleven calls.")
    _ = server.receive(room: 64)
    remark("There is no more yet. A socket without SOCK_NONBLOCK would wait.")
    client.shutdownWriting()
    _ = server.receive(room: 64)
    remark("0 is the end of the stream, which is in order too: behind all that was sent.")
    server.send(Array("bye".utf8))
    _ = client.receive(room: 64)
    remark("Only one direction has ended. This was a half-close; close ends the other one:")
    server.close()
    _ = client.receive(room: 64)
    client.close()
    listener.close()
  }
}
