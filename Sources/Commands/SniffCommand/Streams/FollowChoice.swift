import CommandLineKit

/// What `--follow` asks for: one conversation, and how it is shown.
struct FollowChoice: Hashable, Sendable {
  /// What of it is shown.
  enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The octets of a connection, or of datagrams.
    case tcp, udp
    /// Heads and bodies of messages, without chunks, and unpacked.
    case http
    /// What the frames hold, unmasked and unpacked.
    case websocket
  }

  enum Form: String, Hashable, Sendable, CaseIterable { case text, hex, raw }

  var kind: Kind
  /// The number of the conversation: `tcp.stream`, or `udp.stream`.
  var stream: Int
  var form: Form

  /// Reads `KIND:NUMBER[,FORM]`.
  init(_ text: String) throws(UsageError) {
    let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    let form = parts.count > 1 ? Form(rawValue: String(parts[1])) : .text
    let words = parts[0].split(separator: ":", omittingEmptySubsequences: false)
    guard words.count == 2, let kind = Kind(rawValue: String(words[0])),
      let stream = Int(words[1]), stream >= 0, words[1].allSatisfy({ $0.isNumber }), let form
    else {
      throw UsageError(
        "\(UsageError.quoted(text)) is no conversation to follow; say tcp, udp, http or websocket, a "
          + "number and, if not text, hex or raw: tcp:3 or http:0,hex; "
          + "--fields frame.number,tcp.stream shows the numbers")
    }
    (self.kind, self.stream, self.form) = (kind, stream, form)
  }
}
