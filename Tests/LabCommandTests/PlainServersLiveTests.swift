import Glibc
import LinuxNet
import LinuxSystem
import PacketWire
import Testing

/// `serve tcp`, `serve udp`, `connect tcp` and `connect udp` beside ncat and socat, on the loopback interface.
@Suite("Plain servers and clients beside ncat and socat", .serialized)
struct PlainServersLiveTests {
  /// A shell line with the port as $1 and the tool as $2.
  private func shell(_ line: String, _ port: String) throws -> Outcome {
    try LabProcess.run(["sh", "-c", line, "sh", port, LabProcess.path])
  }

  @Test("ncat gets back what it sends, octet for octet, and the server tells of it")
  func echo() throws {
    let server = try ServerProcess(["tcp"])
    let line =
      "seq 1 200000 > $0.in; ncat 127.0.0.1 $1 < $0.in | cmp - $0.in && echo same; rm $0.in"
    let file = TemporaryFile()
    let outcome = try LabProcess.run(["sh", "-c", line, file.path, server.port])
    #expect(outcome.output == "same\n" && outcome.errors.isEmpty, "\(outcome.errors)")
    let hello = try shell("printf 'caf\\303\\251 \\033[2J\\n' | ncat 127.0.0.1 $1", server.port)
    #expect(hello.output == "café \u{1b}[2J\n")
    let told = try server.end()
    #expect(told.code == 0 && told.errors.isEmpty, "\(told.errors)")
    #expect(told.output.contains("\n2: received 11 octets: café \\x1b[2J\\x0a\n"))
    #expect(told.output.contains("s, 11 octets received, 11 sent\n"))
    #expect(told.lines.last == "2 connections, 1288906 octets received, 1288906 sent")
  }

  @Test("hello, and what time it is")
  func announcements() throws {
    let hello = try ServerProcess(["tcp", "--hello"])
    #expect(
      try shell("ncat 127.0.0.1 $1 < /dev/null", hello.port).output == "Hello from server\r\n")
    // What the client says meanwhile resets nothing.
    #expect(
      try shell("seq 1 1000 | ncat 127.0.0.1 $1", hello.port).output == "Hello from server\r\n")
    #expect(try hello.end().code == 0)
    let time = try ServerProcess(["tcp", "--time"])
    let line =
      "a=$(date -u +%FT%TZ); ncat 127.0.0.1 $1 < /dev/null | tr -d '\\r'; echo $a; date -u +%FT%TZ"
    let times = try shell(line, time.port).lines
    try #require(times.count == 3)
    #expect(times[1] <= times[0] && times[0] <= times[2], "\(times)")
    #expect(try time.end().code == 0)
  }

  @Test("with IPv6 as well")
  func overIPv6() throws {
    let server = try ServerProcess(["tcp", "--bind", "::1"])
    #expect(try shell("echo six | ncat ::1 $1", server.port).output == "six\n")
    #expect(try server.end().output.contains("1: connection from [::1]:"))
  }

  @Test("whoever started it, a server that runs has no capabilities")
  func privileges() throws {
    let server = try ServerProcess(["tcp"])
    for name in ["CapPrm", "CapEff", "CapInh", "CapAmb"] {
      #expect(try server.status(name) == "0000000000000000")
    }
    #expect(try server.status("NoNewPrivs") == "1")
    #expect(try server.end().code == 0)
  }

  @Test("an iterative server lets others wait for a silent client, a concurrent one does not")
  func iterativeAndConcurrent() throws {
    for (option, isAnswered) in [("--iterative", false), ("--concurrent", true)] {
      let server = try ServerProcess(["tcp", option])
      let port = server.port
      let silent = try StreamSocket(connectingTo: server.endpoint)
      try waitUntil { try server.text().contains("1: connection from ") }
      func answer(within seconds: Int) throws -> String {
        try shell("echo here | timeout \(seconds) ncat 127.0.0.1 $1", port).output
      }
      let first = try answer(within: isAnswered ? 20 : 1)
      #expect(first == (isAnswered ? "here\n" : ""))
      try silent.shutdownWriting()
      #expect(try answer(within: 20) == "here\n")
      #expect(try server.end().code == 0)
    }
  }

  @Test("the comparison shows quick clients that wait for a slow one, and some that do not")
  func comparison() throws {
    let outcome = try LabProcess.lab(["serve", "tcp", "--compare"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let clients = outcome.lines.filter { $0.hasPrefix("  client ") }
    try #require(clients.count == 10)
    func wait(_ line: Substring) throws -> Double {
      let words = line.split(separator: " ")
      let place = try #require(words.firstIndex(of: "after"))
      return try #require(Double(words[place + 1]))
    }
    for client in 1..<5 {
      // Those of the iterative server come first.
      #expect(try wait(clients[client]) > wait(clients[client + 5]), "\(outcome.output)")
      #expect(clients[client].contains("...="))
    }
    #expect(clients[0].hasSuffix(", slow") && clients[5].hasSuffix(", slow"))
  }

  @Test("on a terminal what comes is escaped, but for the ends of lines")
  func onATerminal() throws {
    let server = try ServerProcess(["tcp"])
    let words = "printf 'a\\033[2J\\302\\233 caf\\303\\251\\r\\nb\\n'"
    let line = "script -qec \"$2 < $3 2> /dev/null\" /dev/null < /dev/null"
    let file = TemporaryFile()
    _ = try LabProcess.run(["sh", "-c", words + " > $0", file.path])
    let outcome = try LabProcess.run(
      [
        "sh", "-c", line, "sh", server.port,
        "\(LabProcess.path) connect tcp 127.0.0.1 \(server.port)", file.path,
      ])
    // The terminal puts a carriage return before each line feed.
    #expect(outcome.output == "a\\x1b[2J\\u{009b} café\r\nb\r\n", "\(outcome.output)")
    #expect(try server.end().code == 0)
  }

  @Test("ncat's datagrams are acknowledged")
  func datagrams() throws {
    let server = try ServerProcess(["udp"])
    let line =
      "(printf hello; sleep 0.2; printf '#7 x'; sleep 0.3) | ncat -u -i 1 127.0.0.1 $1 || true"
    let outcome = try shell(line, server.port)
    #expect(outcome.output == "ACK 5 octets, number 1\nACK 4 octets, number 7\n")
    let told = try server.end()
    #expect(told.output.contains(": received 5 octets: hello\n"))
    #expect(told.lines.last == "2 datagrams, 9 octets received, 46 sent")
  }

  @Test("connect tcp ends its side with its input, which is what lets sort begin")
  func halfClose() throws {
    let port = try freePort()
    let line = """
      socat TCP-LISTEN:$1,bind=127.0.0.1 EXEC:sort & n=$!
      for i in 1 2 3 4 5 6 7 8 9; do sleep 0.2; ss -ltnH "sport = :$1" | grep -q . && break; done
      printf 'pear\\napple\\n' | $2 connect tcp localhost $1; code=$?
      wait $n; exit $code
      """
    let outcome = try shell(line, port)
    #expect(outcome.code == 0 && outcome.output == "apple\npear\n")
    #expect(outcome.errors.contains("connected to 127.0.0.1:\(port) from 127.0.0.1:"))
    #expect(outcome.errors.contains("ended by the server after "))
    #expect(outcome.errors.hasSuffix("ms, 11 octets sent, 11 received\n"))
  }

  @Test("connect tcp and ncat tell each other something at the same time")
  func bothWays() throws {
    let port = try freePort()
    let line = """
      (echo question; sleep 1) | ncat -l 127.0.0.1 $1 > $0 & n=$!
      for i in 1 2 3 4 5 6 7 8 9; do sleep 0.2; ss -ltnH "sport = :$1" | grep -q . && break; done
      echo answer | $2 connect tcp 127.0.0.1 $1
      wait $n
      """
    let file = TemporaryFile()
    let outcome = try LabProcess.run(["sh", "-c", line, file.path, port, LabProcess.path])
    #expect(outcome.output == "question\n")
    #expect(try file.text() == "answer\n")
  }

  @Test("connect tcp carries a megabyte there and back")
  func bulk() throws {
    let port = try freePort()
    let line = """
      socat TCP-LISTEN:$1,bind=127.0.0.1 EXEC:cat & n=$!
      for i in 1 2 3 4 5 6 7 8 9; do sleep 0.2; ss -ltnH "sport = :$1" | grep -q . && break; done
      head -c 1000000 /dev/urandom > $0; $2 connect tcp 127.0.0.1 $1 < $0 2>/dev/null | cmp - $0 && echo same
      wait $n
      """
    let file = TemporaryFile()
    let outcome = try LabProcess.run(["sh", "-c", line, file.path, port, LabProcess.path])
    #expect(outcome.output == "same\n", "\(outcome.errors)")
  }

  @Test("connect udp sends lines, and tells of losses when they are numbered")
  func datagramClient() throws {
    let port = try freePort()
    let start = """
      ncat -u -l 127.0.0.1 $1 --sh-exec cat & n=$!
      for i in 1 2 3 4 5 6 7 8 9; do sleep 0.2; ss -lunH "sport = :$1" | grep -q . && break; done

      """
    let lines = try shell(
      start + "(echo one; sleep 0.2; printf two) | $2 connect udp 127.0.0.1 $1 --wait 0.5; kill $n",
      port)
    // The server's cat answers both at once when it was late for the first one.
    #expect(["one\ntwo\n", "onetwo\n"].contains(lines.output), "\(lines)")
    let server = try ServerProcess(["udp"])
    let numbered = try shell("$2 connect udp 127.0.0.1 $1 -c 5 -i 0.01 -s 100", server.port)
    #expect(numbered.code == 0 && numbered.errors.isEmpty)
    #expect(numbered.lines.count { $0.contains(": acknowledged after ") } == 5)
    #expect(
      numbered.output.contains(
        "5 datagrams sent to \(server.endpoint), 5 acknowledged, 0 lost, 0 overtaken"))
    #expect(try server.end().lines.last == "5 datagrams, 500 octets received, 125 sent")
  }

  @Test("nobody there: the clients say so and end with 1")
  func nobody() throws {
    let port = try freePort()
    let stream = try shell("$2 connect tcp 127.0.0.1 $1", port)
    #expect(stream.code == 1 && stream.output.isEmpty)
    #expect(
      stream.errors
        == "lab-swift connect tcp: cannot connect to 127.0.0.1:\(port): Connection refused\n")
    let datagrams = try shell("$2 connect udp 127.0.0.1 $1 -c 2 -i 0.05 -w 0.1", port)
    #expect(datagrams.code == 1 && datagrams.output.contains("0 acknowledged, 2 lost"))
    #expect(datagrams.errors == "127.0.0.1:\(port): Connection refused\n")
  }
}

/// What bad clients cannot do to a server.
@Suite("Bad clients", .serialized)
struct BadClientsLiveTests {
  /// Closes a connection by a reset: nothing is to be sent any more (socket(7), SO_LINGER).
  private func reset(_ socket: consuming StreamSocket) {
    var lingering = linger(l_onoff: 1, l_linger: 0)
    let size = socklen_t(MemoryLayout<linger>.size)
    _ = unsafe setsockopt(socket.descriptorNumber, SOL_SOCKET, SO_LINGER, &lingering, size)
  }

  private func expectService(_ server: borrowing ServerProcess) throws {
    let outcome = try LabProcess.run(
      ["sh", "-c", "echo here | timeout 20 ncat 127.0.0.1 $0", server.port])
    #expect(outcome.output == "here\n")
  }

  @Test("a reader who never reads, a slow talker, resets and half-open connections block nobody")
  func badManners() throws {
    let server = try ServerProcess(["tcp"])
    try expectService(server)
    let before = try server.residentMemory()
    // Twenty that send without end and never read.
    let flood = [UInt8](repeating: 0x78, count: 65_536)
    var deaf: [PlainClient] = []
    for _ in 0..<20 { deaf.append(try PlainClient(server.endpoint)) }
    var roundsWithoutRoom = 0
    while roundsWithoutRoom < 20 {
      var hasRoom = false
      for client in deaf where try client.socket.write(flood.span) != nil { hasRoom = true }
      roundsWithoutRoom = hasRoom ? 0 : roundsWithoutRoom + 1
      usleep(2000)
    }
    try expectService(server)
    // One that says an octet now and then, and hears each.
    let slow = try PlainClient(server.endpoint)
    for octet in Array("slowly".utf8) {
      _ = try slow.socket.write([octet].span)
      try expectService(server)
    }
    try waitUntil { try slow.read() == "slowly" }
    // Some that come and reset, with something said and without.
    for number in 0..<50 {
      let socket = try StreamSocket(connectingTo: server.endpoint)
      if number % 2 == 0 { _ = try? socket.write([1, 2, 3].span) }
      reset(socket)
    }
    // Some that connect and never say anything.
    var silent: [PlainClient] = []
    for _ in 0..<50 { silent.append(try PlainClient(server.endpoint)) }
    try expectService(server)
    // Of each deaf client 64 KiB are held, what was read last, and copies on the way; 20 of them.
    let grown = try server.residentMemory() - before
    #expect(grown < 16_384, "\(grown) KiB more than before")
    #expect(try server.end().code == 0)
    _ = (deaf, silent)
  }

  @Test("where there are few descriptors, the idlest clients make room")
  func fewDescriptors() throws {
    let server = try ServerProcess(["tcp"], descriptors: 40)
    var idle: [PlainClient] = []
    for _ in 0..<100 { idle.append(try PlainClient(server.endpoint)) }
    try expectService(server)
    // The first have gone, the last are still there.
    let first = try #require(idle.first)
    try waitUntil { try first.isEnded() }
    let last = try #require(idle.last)
    _ = try last.socket.write([0x79].span)
    try waitUntil { try last.read() == "y" }
    #expect(try server.end().code == 0)
  }

  @Test("without a single descriptor to spare, a server waits and does not spin")
  func noDescriptor() throws {
    // Three standard streams, the signals, the listening socket and the table.
    let server = try ServerProcess(["tcp"], descriptors: 6)
    let client = try PlainClient(server.endpoint)
    sleep(1)
    #expect(try server.processorTime() < 30)
    #expect(try server.end().output.contains("0 connections, "))
    _ = client
  }

  @Test("five thousand idle connections, each of which costs little, and one more is served")
  func fiveThousand() throws {
    let count = 5000
    try #require(try OpenFileLimit.raise(to: count + 500) >= count + 500)
    let server = try ServerProcess(["tcp"])
    try expectService(server)
    let before = try server.residentMemory()
    var idle: [PlainClient] = []
    for number in 1...count {
      idle.append(try PlainClient(server.endpoint))
      if number % 500 == 0 {
        // Not faster than the server takes them in, so that the backlog drops nobody.
        try waitUntil { try server.text().contains("\n\(number + 1): connection from ") }
      }
    }
    try expectService(server)
    // The first and the last are still there, and still served.
    for client in [try #require(idle.first), try #require(idle.last)] {
      _ = try client.socket.write([0x79].span)
      try waitUntil { try client.read() == "y" }
    }
    let grown = try server.residentMemory() - before
    #expect(grown < 4 * count, "\(grown) KiB for \(count) connections")
    let told = try server.end()
    #expect(told.code == 0 && told.lines.last?.hasPrefix("5002 connections, ") == true)
  }
}

/// A client's end of a connection, whose text is gathered.
private final class PlainClient {
  let socket: StreamSocket
  private var text = ""

  init(_ endpoint: Endpoint) throws { socket = try StreamSocket(connectingTo: endpoint) }

  /// The server has ended it.
  func isEnded() throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1)
    do throws(SystemError) {
      return try socket.read(into: &buffer) == 0
    } catch {
      return error.isBrokenPipe
    }
  }

  /// All that has come so far.
  func read() throws -> String {
    var buffer = [UInt8](repeating: 0, count: 1024)
    while let count = try socket.read(into: &buffer), count > 0 {
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    return text
  }
}
