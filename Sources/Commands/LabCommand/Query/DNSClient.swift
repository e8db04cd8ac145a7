import LinuxNet
import LinuxSystem
import PacketWire

/// Puts a question to a DNS server, over UDP and, where that is too little, over TCP.
struct DNSClient: ~Copyable {
  /// What came of it.
  enum Outcome: Sendable {
    /// The response, and how it came.
    case response([UInt8], isTCP: Bool)
    /// Nothing, and why.
    case nothing(String)
    /// The user did not want to wait.
    case interrupted
  }

  private let server: Endpoint
  private let options: QueryOptions
  private let signals: SignalSource
  /// Is told each message that goes out or comes in, and what became of it.
  private let watch: (_ octets: [UInt8], _ what: String) -> Void
  private var isInterrupted = false

  init(
    _ server: Endpoint, _ options: QueryOptions, signals: consuming SignalSource,
    watch: @escaping ([UInt8], String) -> Void
  ) {
    (self.server, self.options, self.watch) = (server, options, watch)
    self.signals = signals
  }

  /// Asks, as often as the options say.
  mutating func ask(_ inquiry: DNSInquiry) throws(SystemError) -> Outcome {
    guard !options.isTCP else { return try askStream(inquiry) }
    var inquiry = inquiry
    var reason = "no response from \(server)"
    var tries = 0
    while tries < options.tries, !isInterrupted {
      tries += 1
      do throws(SystemError) {
        switch try askDatagram(inquiry) {
        case .answer(let octets): return .response(octets, isTCP: false)
        case .truncated: return try askStream(inquiry)
        case .needsPlainQuery:
          // That was an answer, and costs no try.
          (inquiry, tries) = (inquiry.plain, tries - 1)
        case .nothing: break
        }
      } catch {
        // An ICMP error tells that nobody listens there (RFC 1122 §4.1.3.3): asking again is no use.
        guard error.isRefused || error.isNetworkReport else { throw error }
        return .nothing("\(server): \(SystemError.message(for: error.errorNumber))")
      }
    }
    if tries > 1 { reason += " to \(tries) queries" }
    return isInterrupted ? .interrupted : .nothing(reason)
  }

  private enum DatagramOutcome {
    case answer([UInt8])
    case truncated
    case needsPlainQuery
    case nothing
  }

  /// A new socket for each try: its port is the kernel's choice, and hard to guess (RFC 5452 §9.2).
  private mutating func askDatagram(
    _ inquiry: DNSInquiry
  ) throws(SystemError) -> DatagramOutcome {
    let socket = try MessageSocket(.datagram(.udp), family: server.address.family)
    try socket.connect(to: server)
    watch(inquiry.octets, "sent to \(server) over UDP")
    try socket.send(inquiry.octets.span)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let deadline = MonotonicClock.now() + options.patience
    while try wait(for: socket.descriptorNumber, .read, until: deadline) {
      guard let received = try socket.receive(into: &buffer) else { continue }
      let octets = Array(buffer[..<received.count])
      switch inquiry.judge(octets) {
      case .answer:
        watch(octets, "received over UDP")
        return .answer(octets)
      case .truncated:
        watch(octets, "received over UDP, truncated: asking again over TCP")
        return .truncated
      case .needsPlainQuery:
        watch(octets, "received over UDP: asking again without EDNS")
        return .needsPlainQuery
      case .foreign(let why): watch(octets, "received over UDP, but no answer to this: \(why)")
      }
    }
    return .nothing
  }

  private mutating func askStream(_ inquiry: DNSInquiry) throws(SystemError) -> Outcome {
    let deadline = MonotonicClock.now() + options.patience
    do throws(SystemError) {
      let socket = try StreamSocket(connectingTo: server)
      guard try wait(for: socket.descriptorNumber, .write, until: deadline) else {
        return isInterrupted ? .interrupted : .nothing("no connection to \(server)")
      }
      try socket.finishConnecting()
      let query = inquiry.octets
      watch(query, "sent to \(server) over TCP")
      // A fresh connection takes so few octets at once. The length goes before (RFC 1035 §4.2.2).
      let framed = [UInt8(query.count >> 8), UInt8(query.count & 0xff)] + query
      guard try socket.write(framed.span) == framed.count else {
        return .nothing("\(server) takes no query")
      }
      return try readAnswer(to: inquiry, from: socket, until: deadline)
    } catch {
      return .nothing("\(server): \(SystemError.message(for: error.errorNumber))")
    }
  }

  private mutating func readAnswer(
    to inquiry: DNSInquiry, from socket: borrowing StreamSocket, until deadline: MonotonicInstant
  ) throws(SystemError) -> Outcome {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_537)
    while try wait(for: socket.descriptorNumber, .read, until: deadline) {
      guard let count = try socket.read(into: &buffer) else { continue }
      guard count > 0 else { return .nothing("\(server) ended the connection without a response") }
      received += buffer[..<count]
      guard received.count >= 2, case let length = Int(received.span.u16(at: 0)),
        received.count >= 2 + length
      else { continue }
      let octets = Array(received[2..<2 + length])
      switch inquiry.judge(octets) {
      case .foreign(let why):
        watch(octets, "received over TCP, but no answer to this: \(why)")
        return .nothing("\(server) sent no answer to this: \(why)")
      default:
        watch(octets, "received over TCP")
        return .response(octets, isTCP: true)
      }
    }
    return isInterrupted ? .interrupted : .nothing("no response from \(server) over TCP")
  }

  /// Whether it became ready before the time was up and the user lost patience.
  private mutating func wait(
    for descriptor: CInt, _ interest: Poller.Interest, until deadline: MonotonicInstant
  ) throws(SystemError) -> Bool {
    var poller = Poller()
    let slot = poller.add(descriptor, interest: interest)
    let signalSlot = poller.add(signals.descriptorNumber, interest: .read)
    try poller.wait(until: deadline)
    if !poller.readiness(of: signalSlot).isEmpty, try signals.next() != nil {
      isInterrupted = true
      return false
    }
    return !poller.readiness(of: slot).isEmpty
  }
}
