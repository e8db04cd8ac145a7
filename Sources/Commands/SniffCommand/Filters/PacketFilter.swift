import CommandLineKit
import LinuxNet
import LiveCapture
import PacketWire

/// The filter that the command line asks for, compiled as it is needed: so that frames with VLAN tags
/// pass it by what is behind the tags, unless it says itself what it wants of them.
struct PacketFilter: Hashable, Sendable {
  /// As it was typed.
  let expression: String
  private let isOptimized: Bool
  /// Tags are looked through.
  let looksThroughTags: Bool

  init(_ expression: String, _ options: CaptureOptions) {
    self.expression = expression
    isOptimized = !options.isUnoptimized
    looksThroughTags = !options.isExact && !Self.namesTags(expression)
  }

  /// There is none: everything passes.
  var isEmpty: Bool { expression.isEmpty }

  /// For packets of a file.
  func program(for linkType: LinkType) throws(FilterError) -> FilterProgram {
    through(
      try FilterProgram(expression, linkType: linkType, isOptimized: isOptimized), linkType,
      isLive: false)
  }

  /// For a live capture.
  func program(for interface: CapturedInterface) throws(FilterError) -> FilterProgram {
    through(
      try interface.capture.filter(expression, isOptimized: isOptimized), interface.linkType,
      isLive: true)
  }

  /// Says that nothing will come.
  func warn(of place: String) {
    Tool.printDiagnostic(
      "\(SniffCommand.toolName): warning: no packet \(place) can pass the filter '\(expression)'; "
        + "--explain-filter says what it means")
  }

  /// Tags are looked through, and that changes something.
  func movesBehindTags(_ linkType: LinkType) -> Bool {
    let plain = try? FilterProgram(expression, linkType: linkType, isOptimized: isOptimized)
    return looksThroughTags && plain?.behindTags(linkType, isLive: false) != nil
  }

  private func through(
    _ program: FilterProgram, _ linkType: LinkType, isLive: Bool
  ) -> FilterProgram {
    guard looksThroughTags else { return program }
    return program.behindTags(linkType, isLive: isLive) ?? program
  }

  /// The expression speaks of tags, or of octets at their place in the frame: then it stands as it is.
  static func namesTags(_ expression: String) -> Bool {
    let words = FilterWords.split(expression).map { $0.lowercased() }
    for (index, word) in words.enumerated() {
      if word == "vlan" { return true }
      let next = index + 1 < words.count ? words[index + 1] : ""
      if ["ether", "link", "wlan"].contains(word), next == "[" { return true }
      // The EtherTypes of tags, by number.
      if word == "proto", ["0x8100", "33024", "0x88a8", "34984", "0x9100", "37120"].contains(next) {
        return true
      }
    }
    return false
  }
}

/// The words of a filter expression.
enum FilterWords {
  /// Words, numbers and addresses; each bracket and operator on its own.
  static func split(_ expression: String) -> [String] {
    var words: [String] = []
    var word = ""
    func end() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    for character in expression {
      switch character {
      case " ", "\t", "\n", "\r": end()
      case "(", ")", "[", "]", "!", "&", "|", "=", "<", ">", "+", "*":
        end()
        if let last = words.last, pairs.contains(last + String(character)) {
          words[words.count - 1] += String(character)
        } else {
          words.append(String(character))
        }
      default: word.append(character)
      }
    }
    end()
    return words
  }

  private static let pairs: Set = ["&&", "||", "!=", "<=", ">=", "==", "<<", ">>"]
}
