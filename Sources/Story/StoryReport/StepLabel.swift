import PageStory

extension StoryStep {
  /// The step in a few words, for a drawing: what its sentence begins with.
  var shortLabel: String {
    switch protocolName {
    case "DNS", "mDNS", "LLMNR": return protocolName + (isQuestion ? " question" : " answer")
    case "ARP": return "ARP"
    case "WebSocket": if let text { return text }
    default: break
    }
    let start = sentence.prefix(40)
    if let colon = start.firstIndex(of: ":"), !start[..<colon].contains("#") {
      let head = start[..<colon]
      let comma = head.firstIndex(of: ",") ?? head.endIndex
      if head[..<comma].utf8.count <= 24 { return String(head[..<comma]) }
    }
    if let first = sentence.first, first.isNumber {
      return sentence.split(separator: " ").prefix(3).joined(separator: " ").prefix(24).description
    }
    if sentence.hasPrefix("The end of ") { return "the last bytes" }
    return protocolName
  }

  /// The kind of a WebSocket message and how it begins; nil where it says nothing.
  private var text: String? {
    guard let colon = sentence.firstIndex(of: ":"),
      let quote = sentence[colon...].firstIndex(of: "\"")
    else { return nil }
    let kind = sentence[..<colon].prefix { $0 != "," }
    guard kind.utf8.count <= 16 else { return nil }
    let content = sentence[quote...].prefix(20)
    return "\(kind) \(content)" + (content.count == 20 ? "..." : "")
  }

  private var isQuestion: Bool { sentence.split(separator: " ").contains("asks") }
}
