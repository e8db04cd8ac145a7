import LinuxNet
import LinuxSystem
import PacketText
import PacketWire
import TerminalText

/// Where sockets are shown: their calls, what goes over the wire for each, and what is to be seen in it.
final class SocketStage {
  typealias Side = SocketWire.Side

  /// What is shown of octets in a call, in characters.
  private static let shownCharacters = 32
  /// Calls after which the other host may have something to say, for as long as an acknowledgement
  /// may be delayed (RFC 9293 §3.8.6.3; Linux: 40 ms).
  private static let quietAfterTalk = Nanoseconds.milliseconds(60)
  private static let quietAfterCall = Nanoseconds.milliseconds(1)
  /// Where the text beside the names of the hosts begins.
  private static let margin = 10

  private var output = LineOutput(to: StandardStream.output, flushing: .eachLine)
  private let settings = TerminalSettings.current(of: StandardStream.output)
  private var printer: PacketPrinter
  /// Nil on the loopback interface, where nobody sees what goes over the wire.
  private var wire: SocketWire?
  /// What goes over the wire is shown later, by `showWire`.
  var holdsWire = false
  /// The first failure of the stage itself.
  private(set) var failure: SystemError?

  init() {
    var options = PacketTextOptions()
    options.isNumeric = true
    options.timestamp = .none
    printer = PacketPrinter(options)
  }

  /// Somebody still reads.
  var isOpen: Bool { output.isOpen }
  /// What goes over the wire can be seen.
  var hasWire: Bool { wire != nil }

  /// Goes on with two new hosts and a link between them.
  func useWire(link: String, seed: UInt64) throws(SystemError) {
    wire = nil
    wire = try SocketWire(link: link, seed: seed)
  }

  /// Where a server can be reached: port 9000 of its own host, or any that is free on loopback.
  var serverPlace: PlainSocket.Address {
    .internet(
      hasWire
        ? Endpoint(SocketWire.serverAddress, port: 9000) : Endpoint(.v4(.loopback)))
  }

  /// Opens a socket on one of the hosts; nil where it cannot be, as is then shown.
  func socket(
    _ side: Side, _ family: PlainSocket.Family, _ kind: PlainSocket.Kind,
    protocolNumber: IPProtocol? = nil, calledBy speaker: Side? = nil
  ) -> PlainSocket? {
    attempt { () throws(SystemError) in
      try wire?.enter(side)
    }
    let speaker = speaker ?? side
    return PlainSocket(family, kind, protocolNumber: protocolNumber) { [unowned self] call in
      show(call, by: speaker)
    }
  }

  /// Where a socket is, once it is bound: the port of loopback is the kernel's choice.
  func place(of socket: PlainSocket) -> PlainSocket.Address {
    .internet(socket.localEndpoint ?? Endpoint(.v4(.loopback)))
  }

  private func attempt(_ work: () throws(SystemError) -> Void) {
    do throws(SystemError) { try work() } catch { failure = failure ?? error }
  }
}

// MARK: Printing

extension SocketStage {
  /// The beginning of a part.
  func title(_ name: String, _ explanation: String) {
    output.endLine()
    output.text.append(name, as: .heading, settings.style)
    output.text.append("  ")
    let column = name.utf8.count + 2
    output.text.append(
      wrapping: explanation, columns: settings.columns, at: column, hanging: column)
    output.endLine()
    output.endLine()
  }

  /// What is to be seen in what was just shown.
  func remark(_ text: String) {
    output.text.append(repeating: 0x20, count: Self.margin)
    output.text.append(
      wrapping: text, columns: settings.columns, at: Self.margin, hanging: Self.margin)
    output.endLine()
  }

  /// Text over the whole width.
  func paragraph(_ text: String) {
    output.text.append(wrapping: text, columns: settings.columns)
    output.endLine()
  }

  /// Octets in hex, as they lie behind each other in a packet.
  func dump(_ octets: [UInt8]) {
    var options = PacketTextOptions()
    (options.isNumeric, options.timestamp) = (true, .none)
    options.dump = .hexAndASCII(withLinkHeader: false)
    var text = TextBuffer()
    var printer = PacketPrinter(options)
    let frame = Frame(decoding: octets.span, linkType: .raw, originalLength: octets.count)
    printer.line(
      for: frame, octets: octets.span, number: 1, at: WallInstant(nanoseconds: 0),
      originalLength: octets.count, into: &text)
    for line in text.string.split(separator: "\n").dropFirst() {
      output.text.append(repeating: 0x20, count: Self.margin)
      output.text.append(String(line.drop { $0 == "\t" }))
      output.endLine()
    }
  }

  private func show(_ call: SocketCall, by side: Side) {
    output.text.append("  ")
    let name = side.rawValue
    output.text.append(name, as: side == .client ? .transport : .application, settings.style)
    output.text.append(repeating: 0x20, count: Self.margin - 2 - name.utf8.count)
    let arguments = call.arguments.map { argument in
      switch argument {
      case .word(let word): word
      case .octets(let octets):
        "\"" + SafeText.escaped(octets.span, atMost: Self.shownCharacters) + "\""
      }
    }
    output.text.append(
      wrapping: "\(call.name)(\(arguments.joined(separator: ", "))) \(call.resultText)",
      columns: settings.columns, at: Self.margin, hanging: Self.margin + 4)
    output.endLine()
    guard !holdsWire, hasWire else { return }
    let isTalk = ["connect", "send", "sendto", "shutdown", "close"].contains(call.name)
    _ = showWire(quiet: isTalk ? Self.quietAfterTalk : Self.quietAfterCall)
  }

  /// Lets the packets go that were held back, until it `isDone`, and shows what became of each.
  func releaseWire(until isDone: () -> Bool) -> [SocketWire.Passage] {
    showWire(quiet: Self.quietAfterTalk, tellsFate: true, until: isDone)
  }

  private func showWire(
    quiet: Nanoseconds, tellsFate: Bool = false, until isDone: () -> Bool = { true }
  ) -> [SocketWire.Passage] {
    var passages: [SocketWire.Passage] = []
    attempt { () throws(SystemError) in
      passages = try wire?.carry(quiet: quiet, until: isDone) ?? []
    }
    for passage in passages { show(passage, tellsFate: tellsFate) }
    return passages
  }

  private func show(_ passage: SocketWire.Passage, tellsFate: Bool) {
    let isLost = passage.arrivedAt == nil
    let line = passage.sender == .client ? (isLost ? "--x" : "-->") : (isLost ? "x--" : "<--")
    output.text.append("    ")
    output.text.append(line, as: isLost ? .bad : .network, settings.style)
    output.text.append("  ")
    let column = 9 + (tellsFate ? appendFate(of: passage) : 0)
    output.text.append(
      wrapping: text(of: passage), columns: settings.columns, at: column,
      hanging: Self.margin + 4)
    output.endLine()
  }

  /// "after 17.0 ms", or "lost". Gives how wide that is.
  private func appendFate(of passage: SocketWire.Passage) -> Int {
    let width = 15
    var fate = TextBuffer(capacity: 0)
    if let arrivedAt = passage.arrivedAt {
      fate.append("after ")
      fate.append(arrivedAt - passage.sentAt, in: .milliseconds, decimals: 1)
      fate.append(" ms")
    } else {
      fate.append("lost")
    }
    fate.append(repeating: 0x20, count: max(width - fate.count, 1))
    output.text.append(fate.string)
    return width
  }

  private func text(of passage: SocketWire.Passage) -> String {
    var text = TextBuffer()
    let octets = passage.octets
    let frame = Frame(decoding: octets.span, linkType: .raw, originalLength: octets.count)
    printer.line(
      for: frame, octets: octets.span, number: 1, at: WallInstant(nanoseconds: 0),
      originalLength: octets.count, into: &text)
    return String(text.string.dropLast())
  }
}
