/// A page taken apart: only the markup that StoryReport is meant to write can be read. Anything else is
/// a fault.
struct Markup {
  /// A tag with its attributes, as they stand in the page.
  struct Tag {
    var name: String
    var attributes: [(name: String, value: String)]
  }

  var tags: [Tag] = []
  /// What stands between tags, in order, with references resolved.
  var texts: [String] = []
  var faults: [String] = []

  private static let known: Set = [
    "a", "body", "caption", "desc", "details", "div", "footer", "g", "h1", "h2", "h3", "head",
    "header", "html", "li", "line", "main", "meta", "nav", "ol", "p", "path", "pre", "rect",
    "circle",
    "section", "span", "strong", "style", "summary", "br", "svg", "table", "tbody", "td", "text",
    "th", "thead",
    "title", "tr", "ul",
  ]
  private static let attributes: Set = [
    "aria-hidden", "aria-label", "aria-labelledby", "charset", "class", "content", "cx", "cy", "d",
    "data-is", "height", "href", "http-equiv", "id", "lang", "name", "preserveAspectRatio", "r",
    "role", "scope", "tabindex", "text-anchor", "title", "viewBox", "width", "x", "x1", "x2", "y",
    "y1", "y2",
  ]
  private static let void: Set = ["br", "meta"]

  init(_ page: [UInt8]) {
    var rest = Substring(String(decoding: page, as: UTF8.self))
    if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst(15) } else { fault("no doctype") }
    var open: [String] = []
    while let start = rest.firstIndex(of: "<") {
      addText(rest[..<start])
      guard let end = rest[start...].firstIndex(of: ">") else {
        fault("an open end")
        return
      }
      let inside = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if inside.hasPrefix("/") {
        if open.popLast() != String(inside.dropFirst()) { fault("</\(inside)> closes nothing") }
        continue
      }
      let isClosed = inside.hasSuffix("/")
      guard let tag = read(isClosed ? inside.dropLast() : inside) else { continue }
      tags.append(tag)
      guard !isClosed, !Self.void.contains(tag.name) else { continue }
      open.append(tag.name)
      // The style's own text is no markup.
      if tag.name == "style", let close = rest.firstRange(of: "</style>") {
        rest = rest[close.lowerBound...]
      }
    }
    addText(rest)
    if !open.isEmpty { fault("still open: \(open)") }
  }

  private mutating func fault(_ text: String) { faults.append(text) }

  private mutating func addText(_ raw: Substring) {
    if raw.contains(where: { "\"'`".contains($0) }) { fault("a bare quote: \(raw)") }
    let text = resolve(raw)
    if !text.isEmpty { texts.append(text) }
  }

  private mutating func resolve(_ raw: Substring) -> String {
    var text = ""
    var rest = raw
    while let start = rest.firstIndex(of: "&") {
      text += rest[..<start]
      let names = [
        "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&#96;": "`",
      ]
      guard let (name, character) = names.first(where: { rest[start...].hasPrefix($0.key) }) else {
        fault("a bare ampersand: \(rest.prefix(60))")
        return text
      }
      text += character
      rest = rest[start...].dropFirst(name.count)
    }
    return text + rest
  }

  private mutating func read(_ inside: Substring) -> Tag? {
    let name = String(inside.prefix { $0 != " " && $0 != "\n" })
    guard Self.known.contains(name) else {
      fault("<\(inside)>")
      return nil
    }
    var tag = Tag(name: name, attributes: [])
    var rest = inside.dropFirst(name.count).drop { $0 == " " || $0 == "\n" }
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: "="), rest[equals...].hasPrefix("=\"") else {
        fault("attributes of <\(inside)>")
        return tag
      }
      let attribute = String(rest[..<equals])
      let value = rest[equals...].dropFirst(2)
      guard Self.attributes.contains(attribute), let end = value.firstIndex(of: "\"") else {
        fault("attribute \(attribute) of <\(inside)>")
        return tag
      }
      tag.attributes.append((attribute, resolve(value[..<end])))
      rest = value[end...].dropFirst().drop { $0 == " " || $0 == "\n" }
    }
    return tag
  }

  /// All values of an attribute.
  func values(of attribute: String) -> [String] {
    tags.flatMap { $0.attributes.filter { $0.name == attribute }.map(\.value) }
  }
}
