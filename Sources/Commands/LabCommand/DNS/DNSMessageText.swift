import PacketText
import PacketWire

/// A DNS message in a line, and its records in one each.
struct DNSMessageText {
  private let octets: [UInt8]
  private let message: DNSMessage?

  init(_ octets: [UInt8]) {
    self.octets = octets
    var reader = PacketReader(octets.span)
    message = try? DNSMessage(parsing: &reader)
  }

  /// "query 4711: google.com: type A, class IN (39 octets)", "response 4711: no error (NOERROR), 1
  /// answer (55 octets)".
  var summary: String {
    let length = " (\(counted(octets.count, "octet")))"
    guard let message else { return "no DNS message\(length)" }
    guard message.isResponse else {
      let asked = message.questions.map(\.text).joined(separator: "; ")
      return "query \(message.identifier): \(asked.isEmpty ? "no question" : asked)\(length)"
    }
    var words = [code(of: message).explanation, counted(message.answers.count, "answer")]
    if message.isTruncated { words.append("truncated, to be asked for over TCP") }
    return "response \(message.identifier): \(words.joined(separator: ", "))\(length)"
  }

  /// "> google.com: type A, class IN, TTL 260, addr (4) 192.165.1.1", for each answer.
  var answers: [String] { (message?.answers ?? []).map { "> \($0.text)" } }

  /// With the upper bits that EDNS adds (RFC 6891 §6.1.3).
  private func code(of message: DNSMessage) -> DNSResponseCode {
    let extended =
      message.additionals.first { $0.type == .opt }
      .map { UInt16($0.timeToLive >> 24) << 4 } ?? 0
    return DNSResponseCode(rawValue: extended | UInt16(message.responseCode))
  }

  /// What a response says beside its answers, or nil if those say it all.
  var remark: String? {
    guard let message else { return nil }
    let code = code(of: message)
    guard code != .noError || message.answers.isEmpty else { return nil }
    let subject = message.questions.first.map { "\($0.name.text): " } ?? ""
    guard code == .noError, let question = message.questions.first else {
      return subject + code.explanation
    }
    return subject + "there is such a name, but no record of type \(question.type.label)"
  }
}
