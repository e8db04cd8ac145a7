extension PacketField {
  /// The field of that name.
  public static func named(_ name: String) -> PacketField? { all.first { $0.name == name } }

  /// The field that says the same from the other end, of one that tshark fills in when it reads a capture
  /// twice: a packet does not know the packets behind it.
  static func counterpart(of name: String) -> PacketField? {
    switch name {
    case "dns.response_in": named("dns.response_to")
    case "http.response_in": named("http.request_in")
    case "http.next_request_in": named("http.prev_request_in")
    case "http.next_response_in": named("http.prev_response_in")
    default: nil
    }
  }

  /// What to ask for instead of `name`, which is no field.
  public static func advice(on name: String) -> String {
    if let field = counterpart(of: name) {
      return "only later packets tell, and '\(field.name)' stands in those"
    }
    let near = near(name).map { "'\($0.name)'" }.joined(separator: ", ")
    return near.isEmpty ? "sniff-swift --fields help lists them all" : "near it: \(near)"
  }

  /// Fields that somebody may have meant who wrote `name`, the nearest first, at most three.
  public static func near(_ name: String) -> [PacketField] {
    let wanted = Array(name.utf8.prefix(longestName))
    guard !wanted.isEmpty else { return [] }
    var near: [(edits: Int, index: Int)] = []
    for (index, field) in all.enumerated() {
      let candidate = Array(field.name.utf8)
      let edits = edits(from: wanted, to: candidate)
      // What begins as the name does, or is a few typing errors away, or lacks a part in the middle.
      if candidate.starts(with: wanted) || edits <= max(2, wanted.count / 3)
        || isShorter(wanted, than: candidate)
      {
        near.append((edits, index))
      }
    }
    return near.sorted { $0 < $1 }.prefix(3).map { all[$0.index] }
  }

  /// `name` is the first word of the other one and its end: `tcp.port` for `tcp.srcport`.
  private static func isShorter(_ name: [UInt8], than other: [UInt8]) -> Bool {
    guard let dot = name.firstIndex(of: 0x2e), dot < name.count - 1 else { return false }
    return other.starts(with: name[...dot])
      && other.suffix(name.count - dot - 1) == name[(dot + 1)...]
  }

  /// No field has a longer name; of longer words only the beginning is compared.
  private static let longestName = 40

  /// How many octets must be put in, taken out or changed to make one name of the other.
  private static func edits(from first: [UInt8], to second: [UInt8]) -> Int {
    var row = Array(0...second.count)
    for (line, octet) in first.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for (column, other) in second.enumerated() {
        let replaced = diagonal + (octet == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[second.count]
  }
}
