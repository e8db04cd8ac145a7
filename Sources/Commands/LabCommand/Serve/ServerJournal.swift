import LinuxNet
import LinuxSystem
import PacketText
import PacketWire
import ServiceEngine
import TerminalText

/// What a server tells its user: one line for each thing that happens.
final class ServerJournal {
  /// So much is shown of what a client says, in characters.
  private static let shownCharacters = 60

  private var output = LineOutput(to: StandardStream.output, flushing: .eachLine)
  private var clientCount = 0
  private var receivedCount = 0
  private var sentCount = 0

  /// Somebody still reads.
  var isOpen: Bool { output.isOpen }

  /// A line of our own words.
  func note(_ line: String) {
    output.text.append(line)
    output.endLine()
  }

  /// A client has come.
  func began(_ id: ConnectionID, _ client: Endpoint) {
    clientCount += 1
    note("\(id): connection from \(client)")
  }

  /// A client has said something.
  func received(_ octets: ArraySlice<UInt8>, from speaker: some CustomStringConvertible) {
    receivedCount += octets.count
    output.text.append("\(speaker): received \(counted(octets.count, "octet")): ")
    output.text.append(untrusted: octets.span, atMost: Self.shownCharacters)
    output.endLine()
  }

  /// So many octets were sent.
  func sent(_ count: Int) { sentCount += count }

  /// A connection is over.
  func ended(_ id: ConnectionID, after time: Nanoseconds, received: Int, sent: Int) {
    output.text.append("\(id): ended after ")
    output.text.append(time, in: .seconds, decimals: 1)
    note(" s, \(counted(received, "octet")) received, \(sent) sent")
  }

  /// The last line: what all clients had.
  func finish(_ clients: String) {
    note(
      "\(counted(clientCount, clients)), \(counted(receivedCount, "octet")) received, "
        + "\(sentCount) sent")
  }

  /// A sender of datagrams, which has no connection by which it could be counted as a client.
  func countDatagram() { clientCount += 1 }
}

/// "1 octet", "2 octets".
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// A service whose connection is told of in a journal.
struct JournaledService: StreamService {
  private var base: any StreamService
  private let id: ConnectionID
  private let journal: ServerJournal
  private let beganAt = MonotonicClock.now()
  private var receivedCount = 0
  private var sentCount = 0
  let patience: Nanoseconds

  init(
    _ base: any StreamService, _ id: ConnectionID, _ client: Endpoint, patience: Nanoseconds,
    in journal: ServerJournal
  ) {
    (self.base, self.id, self.journal, self.patience) = (base, id, journal, patience)
    journal.began(id, client)
  }

  var output: [UInt8] { base.output }
  var isClosing: Bool { base.isClosing }
  var wantsInput: Bool { base.wantsInput }

  mutating func receive(_ octets: ArraySlice<UInt8>, at now: WallInstant) {
    if !octets.isEmpty {
      receivedCount += octets.count
      journal.received(octets, from: id)
    }
    base.receive(octets, at: now)
  }

  mutating func hasSent(_ count: Int) {
    sentCount += count
    journal.sent(count)
    base.hasSent(count)
  }

  mutating func timeIsUp(at now: WallInstant) -> Bool { base.timeIsUp(at: now) }

  mutating func ended() {
    journal.ended(
      id, after: MonotonicClock.now() - beganAt, received: receivedCount, sent: sentCount)
    base.ended()
  }
}
