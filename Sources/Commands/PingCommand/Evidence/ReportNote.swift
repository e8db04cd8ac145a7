import ProbeShell

/// What is known of a report beyond the report itself. Few reports have one: a reference keeps the
/// others small.
final class ReportNote: Sendable {
  /// Of an error.
  let facts: ErrorFacts?
  /// The packet, to be shown field by field.
  let packet: ExplainedPacket?
  /// What routers wrote into an answer.
  let options: AnswerOptions?

  /// `nil` when there is nothing to note.
  init?(facts: ErrorFacts?, packet: ExplainedPacket?, options: AnswerOptions?) {
    guard facts != nil || packet != nil || options != nil else { return nil }
    (self.facts, self.packet, self.options) = (facts, packet, options)
  }
}
