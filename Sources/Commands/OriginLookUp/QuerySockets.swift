import LinuxNet
import LinuxSystem
import OriginEngine
import PacketWire

/// A UDP socket for each question under way, and one descriptor that tells of all of them.
struct QuerySockets: ~Copyable {
  /// An array cannot hold what cannot be copied.
  private final class Slot {
    let socket: MessageSocket

    init(_ socket: consuming MessageSocket) { self.socket = socket }
  }

  private let servers: [Endpoint]
  private var slots: [Int: Slot] = [:]
  private var poll: EventPoll
  /// Longer than what a server may send without EDNS (RFC 1035 §2.3.4).
  private var buffer = [UInt8](repeating: 0, count: 1500)
  /// So many datagrams of one socket are read in a turn, whoever sends them.
  private static let perTurn = 4

  init(to servers: [Endpoint]) throws(SystemError) {
    self.servers = servers
    poll = try EventPoll()
  }

  var descriptorNumber: CInt { poll.descriptorNumber }

  /// Sends a query with a new socket, whose port the kernel chooses, in place of the slot's old one.
  mutating func ask(_ query: [UInt8], server: Int, slot: Int) throws(SystemError) {
    close(slot)
    let socket = try MessageSocket(.datagram(.udp), family: servers[server].address.family)
    try socket.connect(to: servers[server])
    try socket.send(query.span)
    try poll.add(socket.descriptorNumber, as: UInt64(slot), interest: .read)
    slots[slot] = Slot(socket)
  }

  /// The kernel stops watching what is closed (epoll(7)).
  mutating func close(_ slot: Int) { slots[slot] = nil }

  /// Takes in what has come: the slot, and the octets or nil for a socket of no use any more.
  mutating func receive(_ take: (Int, [UInt8]?) -> Void) throws(SystemError) {
    try poll.look()
    for event in poll.events {
      let number = Int(event.token)
      guard let slot = slots[number] else { continue }
      do throws(SystemError) {
        for _ in 0..<Self.perTurn {
          guard let received = try slot.socket.receive(into: &buffer) else { break }
          take(number, Array(buffer[..<received.count]))
        }
      } catch {
        // Nobody listens there, or there is no way to it.
        take(number, nil)
      }
    }
  }
}
