import PacketWire
import ServiceEngine

/// The connections of a server: by place, by number, by deadline and by idleness.
struct ConnectionTable {
  private var connections: [StreamConnection?] = []
  private var freePlaces: [Int] = []
  private var places: [ConnectionID: Int] = [:]
  private var deadlines = InstantHeap()
  private var progresses = InstantHeap()
  private var lastID: UInt64 = 0

  /// How many there are.
  var count: Int { places.count }

  /// The connection at a place, nil at one that is free.
  subscript(place: Int) -> StreamConnection? {
    connections.indices.contains(place) ? connections[place] : nil
  }

  /// The place of a connection that has not ended.
  func place(of id: ConnectionID) -> Int? { places[id] }

  /// Whose time is up first, and when.
  var firstDeadline: (place: Int, instant: MonotonicInstant)? { deadlines.first }

  /// Who has done nothing for longest.
  var idlest: Int? { progresses.first?.place }

  /// A number that no connection has had yet.
  mutating func nextID() -> ConnectionID {
    lastID += 1
    return ConnectionID(rawValue: lastID)
  }

  /// Where the next connection is going to be.
  var freePlace: Int { freePlaces.last ?? connections.count }

  /// Puts a connection at the free place.
  mutating func insert(_ connection: StreamConnection) {
    let place = freePlaces.popLast() ?? connections.count
    if place == connections.count { connections.append(nil) }
    connections[place] = connection
    places[connection.id] = place
    update(place)
  }

  /// Takes note of a connection's deadline and progress.
  mutating func update(_ place: Int) {
    guard let connection = self[place] else { return }
    deadlines[place] = connection.deadline
    progresses[place] = connection.lastProgress
  }

  /// Gives up a place.
  mutating func remove(_ place: Int) {
    guard let connection = self[place] else { return }
    places[connection.id] = nil
    connections[place] = nil
    freePlaces.append(place)
    (deadlines[place], progresses[place]) = (nil, nil)
  }
}
