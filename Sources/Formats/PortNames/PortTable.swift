import PacketText
public import PacketWire

/// A port that has a name.
public struct RegisteredPort: Hashable, Sendable {
  /// The port.
  public let port: UInt16
  /// TCP, UDP or both.
  public let protocols: [IPProtocol]
  /// Its name, as /etc/services has it.
  public let name: String
  /// What it is called as well.
  public let aliases: [String]
  /// What is behind it, in a sentence; empty where its name is all that is known here.
  public let purpose: String
}

/// The ports that have names, to be looked up by people; `ServiceNames` is for lines of packets.
///
/// Each name stands at one place. Those that lines show are in `ServiceNames` alone, and what they are
/// for is here; all others are here.
public enum PortTable {
  /// Those that people meet, in their order, TCP before UDP, each with what it is for. They are read from
  /// the text anew at each call.
  public static func all() -> [RegisteredPort] {
    let entries = purposes.split(separator: "\n").flatMap(namedElsewhere)
    let others = further.split(separator: "\n").map(named)
    return (entries + others).sorted {
      ($0.port, $0.protocols[0].rawValue) < ($1.port, $1.protocols[0].rawValue)
    }
  }

  /// The others that IANA has given out, in their order: names and no more. Read anew at each call.
  public static func registered() -> [RegisteredPort] {
    registry.split { $0 == " " || $0 == "\n" }.compactMap(registered)
  }

  /// The names of a port, none where it has none.
  public static func entries(ofPort port: UInt16) -> [RegisteredPort] {
    (all() + registered()).filter { $0.port == port }
  }

  /// The ports of a name, whatever the case of its letters.
  public static func entries(named name: String) -> [RegisteredPort] {
    let name = name.lowercased()
    return (all() + registered()).filter { ($0.aliases + [$0.name]).contains(name) }
  }

  /// Names that somebody may have meant who typed one that there is not: those that begin with it or
  /// hold it, and those that differ by a typing error or two, the nearest first.
  public static func names(near name: String, atMost limit: Int = 5) -> [String] {
    // Nobody means anything by a longer one, and the time for it grows with its length.
    let wanted = Array(name.lowercased().utf8.prefix(32))
    var found: [(distance: Int, name: String)] = []
    for candidate in all().flatMap({ [$0.name] + $0.aliases })
    where !found.contains(where: { $0.name == candidate }) {
      let letters = Array(candidate.utf8)
      let isPart = wanted.count > 1 && (holds(letters, wanted) || holds(wanted, letters))
      let distance = isPart ? 1 : editDistance(wanted, letters)
      if distance <= min(2, wanted.count / 2) { found.append((distance, candidate)) }
    }
    // Hardly anybody gets the first letter wrong. What is equal stays in the order of the ports.
    let nearest = found.enumerated().sorted {
      let (left, right) = ($0.element, $1.element)
      return (left.distance, left.name.utf8.first == wanted.first ? 0 : 1, $0.offset)
        < (right.distance, right.name.utf8.first == wanted.first ? 0 : 1, $1.offset)
    }
    return nearest.prefix(limit).map(\.element.name)
  }

  /// A word of `registry`: 2=compressnet, 4321t=rwhois.
  private static func registered(_ word: Substring) -> RegisteredPort? {
    let parts = word.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    let digits = parts[0].prefix { $0.isNumber }
    let protocols: [IPProtocol] =
      switch parts[0].dropFirst(digits.count) {
      case "t": [.tcp]
      case "u": [.udp]
      default: [.tcp, .udp]
      }
    return RegisteredPort(
      port: number(digits), protocols: protocols, name: String(parts[1]), aliases: [], purpose: "")
  }

  /// A line of `purposes`: the name, and by it the protocols, are known to `ServiceNames`.
  private static func namedElsewhere(_ line: Substring) -> [RegisteredPort] {
    let (place, aliases, purpose) = columns(of: line)
    let words = place.split(separator: "/")
    let port = number(words[0])
    let protocols = words.count > 1 ? protocols(words[1]) : [.tcp, .udp]
    var entries: [RegisteredPort] = []
    for number in protocols {
      guard let name = ServiceNames.name(ofPort: port, number) else { continue }
      // The same name over both protocols is one entry.
      let isSame = entries.last?.name == name
      let before = isSame ? entries.removeLast().protocols : []
      entries.append(
        RegisteredPort(
          port: port, protocols: before + [number], name: name, aliases: aliases,
          purpose: purpose))
    }
    return entries
  }

  /// A line of `further`.
  private static func named(_ line: Substring) -> RegisteredPort {
    let (place, aliases, purpose) = columns(of: line)
    let words = place.split(separator: " ")
    let parts = words[0].split(separator: "/")
    return RegisteredPort(
      port: number(parts[0]), protocols: protocols(parts[1]), name: String(words[1]),
      aliases: aliases, purpose: purpose)
  }

  private static func columns(
    of line: Substring
  ) -> (place: Substring, aliases: [String], purpose: String) {
    let columns = line.split(separator: "|", omittingEmptySubsequences: false)
    precondition(columns.count == 3, "three columns: \(line)")
    return (
      columns[0], columns[1].split(separator: " ").map(String.init),
      String(columns[2].drop { $0 == " " })
    )
  }

  private static func number(_ word: Substring) -> UInt16 {
    guard let number = UInt16(word.split(separator: " ")[0]) else {
      preconditionFailure("our own table has ports: \(word)")
    }
    return number
  }

  private static func protocols(_ word: Substring) -> [IPProtocol] {
    word.split(separator: "+").map { $0.hasPrefix("tcp") ? .tcp : .udp }
  }

  private static func holds(_ word: [UInt8], _ part: [UInt8]) -> Bool {
    word.indices.contains { word[$0...].starts(with: part) }
  }

  /// How many letters have to be put in, taken out, changed, or changed with their neighbour, to make
  /// one word of the other.
  private static func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var rows = [Array(0...second.count)]
    for (index, letter) in first.enumerated() {
      var row = [index + 1]
      for (column, other) in second.enumerated() {
        var least = min(row[column], rows[index][column + 1]) + 1
        least = min(least, rows[index][column] + (letter == other ? 0 : 1))
        if index > 0, column > 0, letter == second[column - 1], first[index - 1] == other {
          least = min(least, rows[index - 1][column - 1] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[first.count][second.count]
  }
}
