import CaptureFile
import LinuxSystem
import PacketText
import PacketWire
import TerminalText

/// A pcap file that is being written.
struct CaptureOutput: ~Copyable {
  private let descriptor: Descriptor
  private let writer: CaptureWriter
  private var output: LineOutput
  private let snapshotLength: Int

  /// Creates `path`, or empties it; `-` is standard output. The header is written at once, so that a
  /// capture without packets is a file all the same.
  init(_ path: String, linkType: LinkType, snapshotLength: Int) throws(SystemError) {
    let descriptor =
      path == "-"
      ? try Descriptor.duplicate(of: StandardStream.output)
      : try Descriptor.createForWriting(path)
    let writer = CaptureWriter(linkType: linkType)
    output = LineOutput(to: descriptor.rawValue, flushing: .whenFull)
    let header = [UInt8](capacity: CaptureWriter.headerLength) { writer.writeHeader(to: &$0) }
    output.text.append(header.span)
    (self.writer, self.snapshotLength) = (writer, snapshotLength)
    self.descriptor = descriptor
  }

  /// The file takes what it is given.
  var isOpen: Bool { output.isOpen }
  /// What kept it from being written.
  var failure: SystemError? { output.failure }

  /// Adds a packet. One with another link type than the file's is left out: a pcap file has but one.
  mutating func append(_ packet: SniffedPacket, _ octets: Span<UInt8>) {
    guard packet.linkType == writer.linkType else { return }
    let kept = octets.extracting(first: min(octets.count, snapshotLength))
    let writer = writer
    let record = [UInt8](capacity: CaptureWriter.recordHeaderLength + kept.count) {
      writer.writeRecord(kept, at: packet.time, originalLength: packet.originalLength, to: &$0)
    }
    output.text.append(record.span)
    if output.text.count >= output.limit { output.flush() }
  }

  /// Writes what waits.
  mutating func flush() { output.flush() }
}
