import LinuxNet
import LinuxSystem
import PacketWire
import ServiceEngine

/// How a chat is spoken.
enum ChatWay: CaseIterable {
  case webSocket
  case longPolling

  var title: String {
    switch self {
    case .webSocket: "WebSocket"
    case .longPolling: "long polling"
    }
  }
}

/// A TCP connection of a voice, and how much went over it.
final class ChatWire {
  let socket: StreamSocket
  private let slot: Poller.Slot
  private var waiting: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 16_384)
  private(set) var sentCount = 0
  private(set) var receivedCount = 0

  init(_ socket: consuming StreamSocket, _ poller: inout Poller) {
    slot = poller.add(socket.descriptorNumber, interest: .read)
    self.socket = socket
  }

  /// Sends octets, as far as there is room, and keeps the rest.
  func send(_ octets: [UInt8], _ poller: inout Poller) throws(SystemError) {
    var rest = waiting + octets
    while !rest.isEmpty, let count = try socket.write(rest.span) {
      rest.removeFirst(count)
      sentCount += count
    }
    waiting = rest
    poller.modify(slot, interest: waiting.isEmpty ? .read : [.read, .write])
  }

  /// What has come; nil at the end of the connection.
  func receive(_ poller: inout Poller) throws(SystemError) -> ArraySlice<UInt8>? {
    let readiness = poller.readiness(of: slot)
    if readiness.contains(.writable) { try send([], &poller) }
    guard !readiness.isDisjoint(with: [.readable, .failed, .hungUp]),
      let count = try socket.read(into: &buffer)
    else { return [] }
    receivedCount += count
    return count == 0 ? nil : buffer[..<count]
  }
}

/// Somebody in a chat, by one way or the other.
final class ChatVoice {
  let name: String
  private let way: ChatWay
  private let url: WebURL
  /// One for a WebSocket. For long polling two, as a browser has: on one of them a request waits.
  let wires: [ChatWire]
  private var client: WebSocketClient
  private var hearing = HTTPResponseReader()
  private var saying = HTTPResponseReader()
  private(set) var requestCount = 0
  /// The server has agreed, and it hears all that is said from now on.
  private(set) var isInside = false
  private(set) var isBroken = false
  private var lastNumber = 0

  /// How many connections a voice needs.
  static func wireCount(_ way: ChatWay) -> Int { way == .webSocket ? 1 : 2 }

  init(_ name: String, by way: ChatWay, at url: WebURL, over wires: [ChatWire]) {
    (self.name, self.way, self.url, self.wires) = (name, way, url, wires)
    client = WebSocketClient(
      host: url.hostField, target: "/chat?name=\(name)", random: SystemRandomNumberGenerator())
  }

  /// Comes in.
  func begin(_ poller: inout Poller) throws(SystemError) {
    requestCount += 1
    switch way {
    case .webSocket: try flush(&poller)
    case .longPolling: try ask("/poll", &poller)
    }
  }

  /// Says a line.
  func say(_ line: String, _ poller: inout Poller) throws(SystemError) {
    switch way {
    case .webSocket:
      client.send(.text(line))
      try flush(&poller)
    case .longPolling:
      requestCount += 1
      let head = """
        POST /poll?name=\(name) HTTP/1.1\r
        Host: \(url.hostField)\r
        Content-Length: \(line.utf8.count)\r
        \r\n
        """
      try wires[1].send(Array((head + line).utf8), &poller)
    }
  }

  /// What was heard by now.
  func hear(_ poller: inout Poller) throws(SystemError) -> [String] {
    var lines: [String] = []
    guard let octets = try wires[0].receive(&poller) else {
      isBroken = true
      return []
    }
    switch way {
    case .webSocket:
      for event in client.receive(octets) {
        switch event {
        case .opened: isInside = true
        case .happened(.message(.text(let line))): lines.append(line)
        case .refused, .happened(.closed), .happened(.failed): isBroken = true
        default: break
        }
      }
      try flush(&poller)
    case .longPolling:
      guard let answers = hearing.receive(octets) else {
        isBroken = true
        return []
      }
      for answer in answers { try take(answer, &lines, &poller) }
      try confirm(&poller)
    }
    return lines
  }

  private func flush(_ poller: inout Poller) throws(SystemError) {
    let output = client.output
    client.hasSent(output.count)
    if !output.isEmpty { try wires[0].send(output, &poller) }
  }

  private func ask(_ target: String, _ poller: inout Poller) throws(SystemError) {
    let head = "GET \(target) HTTP/1.1\r\nHost: \(url.hostField)\r\n\r\n"
    try wires[0].send(Array(head.utf8), &poller)
  }

  /// Takes an answer, and asks for what comes behind it.
  private func take(
    _ answer: HTTPResponseReader.Response, _ lines: inout [String], _ poller: inout Poller
  ) throws(SystemError) {
    guard answer.status == 200 || answer.status == 204 else {
      isBroken = true
      return
    }
    let text = String(decoding: answer.body, as: UTF8.self)
    if isInside {
      for line in text.split(separator: "\n") {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[0]) else { continue }
        lastNumber = number
        lines.append(String(parts[1]))
      }
    } else {
      lastNumber = Int(text.prefix { $0 != "\n" }) ?? 0
      isInside = true
    }
    requestCount += 1
    try ask("/poll?after=\(lastNumber)", &poller)
  }

  /// What was said has been taken in.
  private func confirm(_ poller: inout Poller) throws(SystemError) {
    guard let octets = try wires[1].receive(&poller), let answers = saying.receive(octets),
      answers.allSatisfy({ $0.status == 204 })
    else {
      isBroken = true
      return
    }
  }
}
