import FlowAnalysis
import PacketWire
import PageStory

/// Frames of Ethernet, each behind its length in two octets: a capture, which is followed and told.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count >= 2, let data = unsafe data else { return 0 }
  let input = [UInt8](unsafe UnsafeBufferPointer(start: data, count: count))
  var limits = AnalysisLimits()
  limits.heldOctets = 65_536
  var analysis = FlowAnalysis(limits: limits)
  var story = PageStory()
  var (place, number) = (0, 0)
  while place + 2 <= input.count {
    let length = min(Int(input[place]) << 8 | Int(input[place + 1]), input.count - place - 2)
    let octets = Array(input[place + 2..<place + 2 + length])
    (place, number) = (place + 2 + length, number + 1)
    let frame = Frame(decoding: octets.span, linkType: .ethernet, originalLength: octets.count)
    let facts = analysis.add(
      frame, octets: octets.span, number: number,
      time: WallInstant(nanoseconds: Int64(number) * 1_000_000), originalLength: octets.count)
    let step = story.tell(facts)
    precondition(step.number == number, "another packet's step")
    precondition(step.because.allSatisfy { $0 < number }, "a cause that comes later")
    precondition(!step.sentence.utf8.contains { $0 < 0x20 || $0 > 0x7e }, "no printable ASCII")
  }
  let summary = story.finish(analysis.counts)
  precondition(summary.packets == number, "packets were lost")
  return 0
}
