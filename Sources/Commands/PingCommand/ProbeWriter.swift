import PacketWire
import ProbeEngine

/// Writes the probes of a channel.
struct ProbeWriter {
  /// Builds echo requests.
  let request: EchoRequest
  /// What is asked instead.
  let question: QuestionProbe?
  /// What the IP header is to say that goes before each probe, if it is ours to build.
  let header: ProbeHeader?
  /// What is changed of the ICMP message.
  let edits: MessageEdits?

  /// Makes `message` a probe's ICMP message.
  func write(
    _ probe: PingProbe, to target: PingTarget, length: Int, into message: inout [UInt8]
  ) {
    if let question {
      message = question.message(number: probe.serial, to: target.address)
      edits?.apply(to: &message)
      return
    }
    // What was edited is no template for the next one.
    if edits != nil { message.removeAll(keepingCapacity: true) }
    request.write(
      serial: probe.serial, flow: target.flow, length: length,
      pseudoHeader: header.map { ($0.source, target.address) }, into: &message)
    edits?.apply(to: &message)
  }
}
