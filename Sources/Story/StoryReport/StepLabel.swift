import PageStory

extension StoryStep {
  /// The step in a few words, for a drawing: what its sentence begins with.
  var shortLabel: String {
    switch protocolName {
    case "DNS", "mDNS", "LLMNR": return protocolName + (isQuestion ? " question" : " answer")
    case "ARP": return "ARP"
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

  private var isQuestion: Bool { sentence.contains(" asks ") }
}
