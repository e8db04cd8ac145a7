import PacketTestSupport
import PacketWire
import Testing

@testable import PacketText

@Suite("Relative sequence numbers")
struct SequenceTableTests {
  private let client = IPAddress.v4(IPv4Address(192, 0, 2, 1))
  private let server = IPAddress.v4(IPv4Address(198, 51, 100, 2))

  private func segment(
    _ source: UInt16, _ destination: UInt16, _ sequence: UInt32, _ acknowledgment: UInt32,
    _ flags: TCPHeader.Flags = .ack
  ) -> TCPHeader {
    var header = TCPHeader(from: source, to: destination, flags: flags)
    (header.sequenceNumber, header.acknowledgmentNumber) = (sequence, acknowledgment)
    return header
  }

  /// A client whose address or port is less, and one whose is greater: both ends can begin.
  @Test(arguments: [(40000 as UInt16, 80 as UInt16, false), (80, 40000, true)])
  func bothDirections(source: UInt16, destination: UInt16, isSwapped: Bool) {
    var table = SequenceTable()
    let (near, far) = isSwapped ? (server, client) : (client, server)
    let first = table.relative(
      segment(source, destination, 1000, 5000, [.syn, .ack]), from: near, to: far)
    #expect(first == .init(sequence: 1000, acknowledgment: 5000, selectiveBase: 4999))
    let answer = table.relative(segment(destination, source, 5000, 1001), from: far, to: near)
    #expect(answer == .init(sequence: 1, acknowledgment: 1, selectiveBase: 1000))
    let next = table.relative(segment(source, destination, 900, 5010), from: near, to: far)
    #expect(next == .init(sequence: 4_294_967_196, acknowledgment: 11, selectiveBase: 4999))
  }

  @Test func aSYNBeginsAnew() {
    var table = SequenceTable()
    _ = table.relative(segment(1, 2, 10, 20), from: client, to: server)
    let again = table.relative(segment(1, 2, 7000, 8000, [.syn, .ack]), from: client, to: server)
    #expect(again.sequence == 7000 && again.acknowledgment == 8000)
    let later = table.relative(segment(1, 2, 7001, 8001), from: client, to: server)
    #expect(later.sequence == 1 && later.acknowledgment == 2)
  }

  @Test func addressesPortsAndFamiliesAreToldApart() {
    var table = SequenceTable()
    _ = table.relative(segment(1, 2, 10, 20), from: client, to: server)
    let others = [
      table.relative(segment(1, 3, 10, 20), from: client, to: server),
      table.relative(segment(3, 2, 10, 20), from: client, to: server),
      // The same ports at the other ends, and the same bits as IPv6.
      table.relative(segment(1, 2, 10, 20), from: server, to: client),
      table.relative(
        segment(1, 2, 10, 20), from: .v6(IPv6Address(bits: 0xc000_0201)),
        to: .v6(IPv6Address(bits: 0xc633_6402))),
    ]
    #expect(others.allSatisfy { $0.sequence == 10 })
  }

  @Test func itIsBoundedAndCountsWhatItForgets() {
    var table = SequenceTable(capacity: 64)
    for port in 1...1000 as ClosedRange<UInt16> {
      _ = table.relative(segment(port, 80, 10, 20), from: client, to: server)
    }
    #expect(table.evicted >= 1000 - 64)
    let evicted = table.evicted
    // The latest connections are the ones that are kept.
    let latest = table.relative(segment(1000, 80, 11, 21), from: client, to: server)
    #expect(latest.sequence == 1 && table.evicted == evicted)
    let oldest = table.relative(segment(1, 80, 11, 21), from: client, to: server)
    #expect(oldest.sequence == 11)
  }

  @Test func itGrowsWithoutForgetting() {
    var table = SequenceTable()
    for port in 1...20000 as ClosedRange<UInt16> {
      _ = table.relative(segment(port, 80, 10, 20), from: client, to: server)
    }
    let kept = (1...20000 as ClosedRange<UInt16>).count {
      table.relative(segment($0, 80, 11, 21), from: client, to: server).sequence == 1
    }
    #expect(table.evicted == 0)
    #expect(kept == 20000)
  }

  @Test func theConnectionThatWasQuietForLongestIsForgotten() {
    var table = SequenceTable(capacity: 16)
    for port in 1...16 as ClosedRange<UInt16> {
      _ = table.relative(segment(port, 80, 10, 20), from: client, to: server)
    }
    _ = table.relative(segment(1, 80, 11, 21), from: client, to: server)
    _ = table.relative(segment(17, 80, 10, 20), from: client, to: server)
    #expect(table.evicted == 1)
    #expect(table.relative(segment(1, 80, 12, 21), from: client, to: server).sequence == 2)
    #expect(table.relative(segment(2, 80, 12, 21), from: client, to: server).sequence == 12)
  }
}
