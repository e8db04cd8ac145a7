import EventJSON
import PacketText
import PacketWire
import ProbeEngine

extension PingEvents {
  /// `ping.answer`: what came to a question that is no echo request.
  func answer(_ answer: PingAnswer, at time: WallInstant, _ text: inout TextBuffer) {
    simple("ping.answer", answer.reply.probe, at: time, &text) { event in
      event.field("from", answer.answer.source)
      event.field("ttl", answer.answer.timeToLive)
      event.field("bytes", answer.answer.length)
      event.field("rtt_ns", answer.reply.roundTrip.duration)
      event.field("rtt_source", answer.reply.roundTrip.source.rawValue)
      event.field("duplicate", answer.reply.isDuplicate)
      event.field("late", answer.reply.isLate)
      event.field("corrupted", !answer.answer.isChecksumValid)
      QuestionEvents.append(
        answer.answer, proof: answer.proof, offset: answer.offset, to: &event)
    }
  }
}
