/// What is said in a chat, for those who are in it by WebSocket and those who ask for it by long
/// polling. The connections of several servers may share one.
public final class ChatRoom {
  /// A line, and where it stands among all that were said.
  struct Line: Hashable {
    let number: Int
    let text: String
  }

  /// A connection to be told when there is something new. Numbers of connections are each server's own.
  struct Listener: Hashable {
    let door: Int
    let connection: ConnectionID
  }

  /// So many lines are kept. Who is further behind misses some, and is told.
  static let memory = 200
  /// So many are shown to who comes in.
  static let greeting = 20

  private var lines: [Line] = []
  private var listeners: Set<Listener> = []
  private var awake: Set<Listener> = []
  private var doors = 0

  /// An empty room.
  public init() {}

  /// The number of the last line, 0 before the first.
  private(set) var lastNumber = 0

  /// A number for another server whose connections come in.
  func addDoor() -> Int {
    doors += 1
    return doors
  }

  /// Says a line: safe text as `ChatText` makes it.
  func say(_ text: String) {
    lastNumber += 1
    lines.append(Line(number: lastNumber, text: text))
    if lines.count > 2 * Self.memory { lines.removeFirst(lines.count - Self.memory) }
    awake = listeners
  }

  /// What was said behind a number, at most as much as is kept.
  ///
  /// - Returns: `missed` lines that are kept no more come before them.
  func lines(after number: Int) -> (missed: Int, lines: ArraySlice<Line>) {
    // Whoever knows of a line that nobody said has not understood, and gets all.
    let number = (0...lastNumber).contains(number) ? number : 0
    let kept = lines.suffix(min(lastNumber - number, Self.memory))
    return (lastNumber - number - kept.count, kept)
  }

  /// The connection is to be told when there is something new.
  func add(_ listener: Listener) { listeners.insert(listener) }

  /// It is not to be told any more.
  func remove(_ listener: Listener) {
    listeners.remove(listener)
    awake.remove(listener)
  }

  /// The connections of a server for which there is something new since the last time.
  func takeAwake(door: Int) -> [ConnectionID] {
    guard !awake.isEmpty else { return [] }
    let found = awake.filter { $0.door == door }
    awake.subtract(found)
    return found.map(\.connection).sorted { $0.rawValue < $1.rawValue }
  }
}
