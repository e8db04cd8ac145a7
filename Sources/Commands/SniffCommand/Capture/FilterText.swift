import CommandLineKit
import LinuxSystem

/// Where the filter comes from.
enum FilterText {
  private static let limit = 1 << 16

  /// The words on the command line, or the content of `-F`'s file.
  private static func text(_ words: [String], _ options: CaptureOptions) throws -> String {
    guard let path = options.filterFile else { return words.joined(separator: " ") }
    guard words.isEmpty else {
      throw UsageError("a filter stands in a file (-F) or on the command line, not in both")
    }
    // A wrong filter is quoted: what the user may not read is not to be read.
    let octets = try Privileges.withTheUsersFiles { () throws(SystemError) in
      try readFile(path == "-" ? "/dev/stdin" : path, limit: limit)
    }
    return text(String(decoding: octets, as: UTF8.self))
  }

  /// The filter of a command line.
  static func filter(_ words: [String], _ options: CaptureOptions) throws -> PacketFilter {
    PacketFilter(try text(words, options), options)
  }

  /// Lines without their comments, in one.
  static func text(_ content: String) -> String {
    content.split(whereSeparator: \.isNewline).map { line in line.prefix { $0 != "#" } }
      .joined(separator: " ")
  }
}
