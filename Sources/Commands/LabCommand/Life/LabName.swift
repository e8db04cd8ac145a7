import CommandLineKit
import LinuxNet
import LinuxSystem

/// What a lab that stays is called by its user. Each user has names of their own.
struct LabName: Hashable, Sendable, CustomStringConvertible {
  /// Without another one on the command line.
  static let standard = LabName(text: "lab")

  private let text: String

  private init(text: String) { self.text = text }

  /// A name of 1 to 32 letters, digits, dots, hyphens and underscores that begins with a letter or a
  /// digit: it is printed, and stands in prompts.
  init(_ text: String) throws(UsageError) {
    let isPlain = text.utf8.allSatisfy {
      switch $0 {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
      default: false
      }
    }
    guard isPlain, (1...32).contains(text.utf8.count), let first = text.first,
      first.isLetter || first.isNumber
    else {
      throw UsageError(
        "\(UsageError.quoted(text)) is no name for a lab: 1 to 32 letters, digits, dots, hyphens "
          + "and underscores, a letter or digit first")
    }
    self.text = text
  }

  var description: String { text }

  /// The name that a user's lab listens under. It is in the network namespace outside of labs, and
  /// no file: nothing is left behind by a lab that was killed.
  var socketName: String { Self.prefix + text }

  private static var prefix: String { "wirewalk-lab/\(Privileges.userNumber)/" }

  /// The labs of this user that are up, in order.
  static func all() throws(SystemError) -> [LabName] {
    try LocalListener.names(beginningWith: prefix)
      .compactMap { try? LabName(String($0.dropFirst(prefix.count))) }
  }
}
