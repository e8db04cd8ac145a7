import CaptureFile
import PacketWire
import ProbeEngine
import ProbeEvidence
import Testing

@Suite("What a session's file says beside its packets")
struct RefusalTests {
  private func refusal(_ number: UInt64, at time: Int64) -> EvidenceRefusal {
    EvidenceRefusal(
      EvidencePacket.Probe(number, flow: Int(number)), timeToLive: UInt8(number), length: 1_500,
      errorNumber: 90, clock: SampleSession.clock(time))
  }

  @Test("refusals stand in their place, and so do flows, names and the end")
  func roundTrip() throws {
    var sample = SampleSession()
    let packet = try SampleSession.packet(false, 1)
    var refusals = [refusal(1, at: 1_000), refusal(3, at: 3_000)]
    refusals[1].length = nil
    sample.file += sample.writer.refused(refusals[0], at: refusals[0].clock.wall)
    sample.send(EvidencePacket.Probe(2, flow: 7), packet, at: 2_000, stampAfter: 5)
    sample.file += sample.writer.refused(refusals[1], at: refusals[1].clock.wall)
    let ending = EvidenceEnding(at: SampleSession.clock(9_000), isInterrupted: true)
    let names: [IPAddress: String] = [SampleSession.target6: "a.example.test"]
    sample.file += sample.writer.finish(
      at: ending.clock.wall, names: names, ending: ending)
    let reading = EvidenceReading(sample.file)
    #expect(reading.order == [-1, 2, -3] && reading.refusals == refusals)
    #expect(reading.events.map(\.probe?.flow) == [7])
    #expect(reading.reader.ending == ending)
    #expect(reading.reader.names[SampleSession.target6] == "a.example.test")
    #expect(reading.reader.names[SampleSession.target] == "www.example.test")
    #expect(reading.reader.problem == nil)
  }

  @Test("refusals without an end do not wait for a packet")
  func many() {
    var sample = SampleSession()
    let empty = sample.file.count
    for number in 1...100 as ClosedRange<UInt64> {
      let refusal = refusal(number, at: Int64(number))
      sample.file += sample.writer.refused(refusal, at: refusal.clock.wall)
    }
    #expect(sample.file.count > empty)
    #expect(EvidenceReading(sample.file).refusals.map(\.probe.number) == Array(1...96))
    sample.finish()
    let reading = EvidenceReading(sample.file)
    #expect(reading.refusals.map(\.probe.number) == Array(1...100))
    #expect(reading.reader.ending == nil && reading.events.isEmpty)
  }

  @Test(
    "comments of others that look like ours are none",
    arguments: [
      "wirewalk-refused 1 probe=1 target=0 ttl=3 error=90 monotonic=5",
      "wirewalk-refused 1 probe=1 target=-1 ttl=3 error=90 monotonic=5 wall=5",
      "wirewalk-refused 1 probe=1 target=0 ttl=300 error=90 monotonic=5 wall=5",
      "wirewalk-refused 2 probe=1 target=0 ttl=3 error=90 monotonic=5 wall=5",
      "wirewalk-end 1 monotonic=-5 wall=5", "wirewalk-end 1 monotonic=9223372036854775807 wall=5",
    ])
  func hostile(comment: String) {
    var writer = PcapngWriter()
    let time = WallInstant(nanoseconds: 5)
    var file = writer.section(CaptureSection(application: "x", comments: []))
    file += writer.interface(CaptureInterface(linkType: .raw, snapshotLength: 65_535))
    file += writer.statistics(
      InterfaceStatistics(interface: 0, time: time, comments: [comment]))
    let reading = EvidenceReading(file)
    #expect(reading.refusals.isEmpty && reading.reader.ending == nil)
    #expect(reading.reader.problem == nil)
  }
}
