import JSONTestSupport
import LinuxSystem

/// The tables of docs/OUTPUT.md: under a heading "### `EVENT`", rows of field, type, meaning and what
/// there is when there is no value. Fields of objects are `object.field`, those of the objects in an
/// array `array[].field`.
struct OutputDocument {
  enum Missing { case never, null, absent }

  struct Field {
    var path: String
    var type: String
    var none: Missing
  }

  struct Event {
    var fields: [String: Field] = [:]

    /// What is not as described.
    func problems(with object: [StrictJSON.Field], path: String) -> [String] {
      var problems: [String] = []
      for field in object {
        let path = path + field.name
        guard let known = fields[path] else {
          problems.append("\(path) is not described")
          continue
        }
        if field.value == .null {
          if known.none != .null { problems.append("\(path) is null") }
        } else if !OutputDocument.fits(field.value, known.type) {
          problems.append("\(path) is not of type \(known.type)")
        }
        switch field.value {
        case .object(let inner): problems += self.problems(with: inner, path: path + ".")
        case .array(let elements):
          for case .object(let inner) in elements {
            problems += self.problems(with: inner, path: path + "[].")
          }
        default: break
        }
      }
      let names = Set(object.map { path + $0.name })
      for field in fields.values
      where OutputDocument.owner(of: field.path) == path && field.none != .absent
        && !names.contains(field.path)
      { problems.append("\(field.path) is absent") }
      return problems
    }
  }

  private(set) var events: [String: Event] = [:]

  init() throws {
    let path = "\(CommandCase.folder)/../../docs/OUTPUT.md"
    var current: String?
    for line in String(decoding: try readFile(path), as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("#") {
        current = line.hasPrefix("### `") ? String(line.dropFirst(5).prefix { $0 != "`" }) : nil
        if let current { events[current] = Event() }
      } else if let current, line.hasPrefix("| `") {
        let cells = line.split(separator: "|").map { String($0.drop { $0 == " " }) }
        guard cells.count == 4 else { continue }
        let path = String(cells[0].dropFirst().prefix { $0 != "`" })
        let none: Missing =
          cells[3].hasPrefix("null") ? .null : cells[3].hasPrefix("absent") ? .absent : .never
        events[current]?.fields[path] = Field(
          path: path, type: String(cells[1].reversed().drop { $0 == " " }.reversed()), none: none)
      }
    }
  }

  /// What a field belongs to: `a.`, `a[].` or nothing.
  static func owner(of path: String) -> String {
    guard let dot = path.lastIndex(of: ".") else { return "" }
    return String(path[...dot])
  }

  static func fits(_ value: StrictJSON, _ type: String) -> Bool {
    switch (value, type) {
    case (.string, "string"), (.bool, "boolean"), (.object, "object"), (.number, "number"): true
    case (.number(let text), "integer"): text.allSatisfy { $0 != "." && $0 != "e" }
    case (.array(let elements), _) where type.hasPrefix("array of "):
      elements.allSatisfy { element in
        let kind = type.dropFirst("array of ".count)
        let isNullable = kind.hasSuffix(" or null")
        let name = String(kind.prefix { $0 != " " }.dropLast())  // without the plural's s
        return element == .null ? isNullable : fits(element, name)
      }
    default: false
    }
  }
}

/// Which fields some events had.
struct FieldsSeen {
  var withValue: Set<String> = []
  var null: Set<String> = []
  var counts: [String: Int] = [:]
  var owners: [String: Int] = [:]

  mutating func add(_ object: [StrictJSON.Field], path: String) {
    owners[path, default: 0] += 1
    for field in object {
      let path = path + field.name
      counts[path, default: 0] += 1
      if field.value == .null { null.insert(path) } else { withValue.insert(path) }
      switch field.value {
      case .object(let inner): add(inner, path: path + ".")
      case .array(let elements):
        for case .object(let inner) in elements { add(inner, path: path + "[].") }
      default: break
      }
    }
  }
}
