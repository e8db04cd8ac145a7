import LinuxNet
import PacketText
import ServiceEngine

/// A line for each request that a web server has answered.
final class AccessLog {
  /// So much is shown of what a client asked for, in characters.
  private static let shownCharacters = 200

  private let journal: ServerJournal
  private var requestCount = 0
  private var octetCount = 0

  init(_ journal: ServerJournal) { self.journal = journal }

  /// What an HTTP connection of a client reports to.
  func report(_ id: ConnectionID, _ client: Endpoint) -> (HTTPExchange) -> Void {
    { self.add($0, id, client) }
  }

  private func add(_ exchange: HTTPExchange, _ id: ConnectionID, _ client: Endpoint) {
    requestCount += 1
    octetCount += exchange.bodyLength
    let asked =
      exchange.method.isEmpty
      ? "(not understood)"
      : SafeText.escaped("\(exchange.method) \(exchange.target)", atMost: Self.shownCharacters)
    journal.note(
      "\(id): \(client) \(asked) \(exchange.status.rawValue), "
        + counted(exchange.bodyLength, "octet") + (exchange.isWhole ? "" : ", broken off"))
  }

  /// The last line: what all clients had.
  func finish() {
    journal.note("\(counted(requestCount, "request")), \(counted(octetCount, "octet")) sent")
  }
}
