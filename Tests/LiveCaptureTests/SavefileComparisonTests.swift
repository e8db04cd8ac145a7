import CaptureFile
import CaptureTestSupport
import PacketWire
import Testing

@testable import LiveCapture

/// Every packet of every public capture through `CaptureReader` and through libpcap.
@Suite(
  "CaptureReader beside libpcap",
  .enabled(if: SharedCaptures.folder != nil, Comment(rawValue: SharedCaptures.absence)))
struct SavefileComparisonTests {
  /// libpcap takes 2 147 483 648 µs or ns after a second for a negative number.
  static let unsignedFractions = [
    "tcpdump__timestamp_invalid_micro.pcap", "tcpdump__timestamp_invalid_nano.pcap",
  ]
  /// libpcap 1.10.3 refuses a section without interfaces, and stops at an interface whose link type
  /// or snapshot length differs from the first one's, and at a packet beyond the snapshot length.
  static let refusedByLibpcap: Set = [
    "pcapng-gen__output_be__basic__test002.pcapng", "pcapng-gen__output_be__basic__test017.pcapng",
    "pcapng-gen__output_le__basic__test017.pcapng",
  ]
  static let leftByLibpcap: Set = [
    "pcapng-gen__output_be__difficult__test200.pcapng", "python-pcapng__test006-fixed.ntar",
    "fq__many_interfaces.pcapng", "zeek__ldap__modify-request.pcapng",
  ]

  @Test("the same times, lengths and octets")
  func comparison() throws {
    var (refused, left): (Set<String>, Set<String>) = ([], [])
    var compared = 0
    for capture in try SharedCaptures.list() {
      let name = capture.file.split(separator: "/").last.map(String.init) ?? ""
      guard let theirs = Savefile(capture.path) else {
        refused.insert(name)
        continue
      }
      if !theirs.isComplete { left.insert(name) }
      let ours = try packets(of: capture)
      if theirs.isComplete { #expect(ours.count == theirs.packets.count, "\(capture)") }
      for (number, (var ours, theirs)) in zip(1..., zip(ours, theirs.packets)) {
        if Self.unsignedFractions.contains(name), number == 3 {
          #expect(ours.time != theirs.time)
          ours.time = theirs.time
        }
        #expect(ours == theirs, "\(capture), packet \(number)")
        compared += 1
      }
      #expect(ours.count >= theirs.packets.count, "\(capture)")
    }
    #expect(refused == Self.refusedByLibpcap)
    #expect(left == Self.leftByLibpcap)
    #expect(compared > 10_000)
  }

  @Test("the same link type")
  func linkTypes() throws {
    for capture in try SharedCaptures.list() {
      guard let theirs = Savefile(capture.path) else { continue }
      var reader = CaptureReader()
      let octets = try capture.octets()
      reader.append(octets.span)
      // Without a packet, the reader is in the last section, and libpcap in the first.
      guard case .packet = try reader.next(), let linkType = reader.interfaces.first?.linkType
      else { continue }
      #expect(linkType.dataLink == theirs.dataLink, "\(capture)")
    }
  }

  /// All packets, each cut to what libpcap keeps of it.
  private func packets(of capture: SharedCapture) throws -> [Savefile.Packet] {
    let octets = try capture.octets()
    let isPcap = capture.format.hasPrefix("pcap-")
    var reader = CaptureReader()
    reader.append(octets.span)
    reader.finish()
    var packets: [Savefile.Packet] = []
    while case .packet(let packet) = try reader.next() {
      let snapshotLength = Int(reader.interfaces[packet.interface].snapshotLength)
      // In pcapng files libpcap takes a longer packet for damage.
      let kept = isPcap && snapshotLength > 0 ? snapshotLength : .max
      packets.append(
        Savefile.Packet(
          time: packet.time, originalLength: packet.originalLength,
          octets: reader.withOctets { [UInt8](copying: $0.extracting(first: min($0.count, kept))) }
        ))
    }
    return packets
  }
}
