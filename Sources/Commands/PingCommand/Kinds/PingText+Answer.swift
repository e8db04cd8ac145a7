import PacketText
import PacketWire
import ProbeEngine
import TerminalText

extension PingText {
  /// `20 bytes from host (addr): icmp_seq=1 ttl=64 time=4.1 ms, its clock says 12:34:56.789 UT, …`;
  /// node information as iputils has it.
  func answer(_ answer: PingAnswer, _ text: inout TextBuffer) {
    if style.asks { return report(.reply(answer.reply), &text) }
    appendTarget(answer.reply.probe, &text)
    text.append(decimal: answer.answer.length)
    text.append(" bytes from ")
    appendPeer(answer.answer.source, &text)
    text.append(":")
    QuestionText.appendNumber(
      of: answer.answer, sequenceNumber(of: answer.reply.probe), &text)
    if style.isVerbose {
      text.append(" ident=")
      text.append(decimal: identifier)
    }
    if let timeToLive = answer.answer.timeToLive {
      text.append(" ttl=")
      text.append(decimal: timeToLive)
    }
    if style.printsDelays {
      text.append(" time=")
      appendTime(answer.reply.roundTrip.duration, &text)
      text.append(" ms")
      appendSource(answer.reply.roundTrip, &text)
    }
    QuestionText.appendContent(of: answer.answer, to: answer.question, offset: answer.offset, &text)
    appendRemarks(answer.reply, &text)
    if style.isAudible { text.append(octet: 0x07) }
  }
}
