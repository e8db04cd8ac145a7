import CaptureFile
import LinuxSystem
import PacketText
import PacketWire
import TerminalText

/// A pcap or pcapng file that is being written.
struct CaptureOutput: ~Copyable {
  private enum Form {
    /// Nil until the link type is known, which stands in the file's header.
    case pcap(CaptureWriter?)
    case pcapng(PcapngWriter, hasSection: Bool)
  }

  /// How the name of a file ends that is written as pcapng.
  static let pcapngSuffix = ".pcapng"

  private let file: OutputFile
  private var form: Form
  private var output: LineOutput
  private let snapshotLength: Int
  private let resolution: CaptureWriter.Resolution
  /// What begins each file of a series.
  private var section = CaptureSection()
  private var interfaces: [CaptureInterface] = []
  /// Packets that are not in the file, because their link type is not the file's.
  private(set) var leftOutCount = 0

  /// Writes to `file`, in the form that its name asks for. Of each packet at most `snapshotLength`
  /// octets are written.
  init(
    _ file: OutputFile, named path: String, snapshotLength: Int,
    resolution: CaptureWriter.Resolution, isPacketBuffered: Bool
  ) {
    output = file.output(isPacketBuffered ? .eachLine : .whenFull)
    form =
      path.hasSuffix(Self.pcapngSuffix) ? .pcapng(PcapngWriter(), hasSection: false) : .pcap(nil)
    (self.file, self.snapshotLength, self.resolution) = (file, snapshotLength, resolution)
  }

  /// The file takes what it is given. It changes nothing, and spares a copy of this value.
  mutating func goesOn() -> Bool { output.isOpen && file.isOpen }
  /// What kept it from being written.
  var failure: SystemError? { output.failure ?? file.failure }
  /// The file keeps more than packets.
  var keepsRecords: Bool {
    if case .pcapng = form { true } else { false }
  }

  /// Describes who captures; the file's own program is this one.
  mutating func begin(_ section: CaptureSection) {
    guard case .pcapng(var writer, _) = form else { return }
    var section = section
    section.application = SniffCommand.toolName
    (self.section, interfaces) = (section, [])
    output.text.append(writer.section(section).span)
    form = .pcapng(writer, hasSection: true)
    flushIfDue()
  }

  /// Adds an interface of the latest section. In a pcap file the first one is that of all packets.
  mutating func append(_ interface: CaptureInterface) {
    if case .pcapng(_, hasSection: false) = form { begin(CaptureSection()) }
    interfaces.append(interface)
    describe(interface)
  }

  private mutating func describe(_ interface: CaptureInterface) {
    switch form {
    case .pcap(.some): break
    case .pcap(.none):
      let writer = CaptureWriter(
        linkType: interface.linkType,
        // No limit is said as libpcap says it.
        snapshotLength: interface.snapshotLength == 0 ? 262_144 : interface.snapshotLength,
        resolution: resolution)
      let header = [UInt8](capacity: CaptureWriter.headerLength) { writer.writeHeader(to: &$0) }
      output.text.append(header.span)
      form = .pcap(writer)
    case .pcapng(var writer, let hasSection):
      output.text.append(writer.interface(interface).span)
      form = .pcapng(writer, hasSection: hasSection)
      flushIfDue()
    }
  }

  /// Adds what a file says beside its packets, as far as this file can hold it.
  mutating func append(_ item: CaptureItem, of reader: CaptureReader) {
    switch item {
    case .section: begin(reader.section)
    case .interface(let index):
      // A pcap file behind others is a section of its own.
      if case .pcapng(_, hasSection: true) = form, !reader.namesInterfaces {
        begin(CaptureSection())
      }
      append(reader.interfaces[index])
    case .names(let names): appendBlock { $0.names(names) }
    case .statistics(let statistics): append(statistics)
    case .secrets(let secrets): appendBlock { $0.secrets(secrets) }
    case .packet, .skipped, .needMoreOctets, .end: break
    }
  }

  /// Adds what was counted at an interface.
  mutating func append(_ statistics: InterfaceStatistics) {
    appendBlock { $0.statistics(statistics) }
  }

  private mutating func appendBlock(_ block: (PcapngWriter) -> [UInt8]) {
    guard case .pcapng(let writer, _) = form else { return }
    output.text.append(block(writer).span)
    flushIfDue()
  }

  /// Keeps what waits from growing with the file.
  private mutating func flushIfDue() {
    if output.text.count >= output.limit { output.flush() }
  }

  /// Adds a packet. One with another link type than a pcap file's is left out, and counted.
  mutating func append(
    _ packet: SniffedPacket, _ octets: Span<UInt8>, _ annotations: PacketAnnotations?
  ) {
    guard !file.isSeries || goOn() else { return }
    let kept = octets.extracting(first: min(octets.count, snapshotLength))
    guard put(packet, kept, annotations) else {
      leftOutCount += 1
      return
    }
    if output.flushing == .eachLine { output.flush() } else { flushIfDue() }
  }

  /// Begins the next file if this one is full; false when it was the last.
  private mutating func goOn() -> Bool {
    switch file.goOn(&output) {
    case .stay: return true
    case .end: return false
    case .next: break
    }
    let interfaces = interfaces
    switch form {
    case .pcap: (form, self.interfaces) = (.pcap(nil), [])
    case .pcapng: begin(section)
    }
    for interface in interfaces { append(interface) }
    return true
  }

  /// When the time of the last file is over, if that is limited.
  var end: WallInstant? { file.end }

  /// Ends the series if its time is over.
  mutating func endIfOver() { if file.isSeries { _ = goOn() } }

  /// Appends a packet's record; false if the file cannot hold it. What has no annotations is written
  /// where it waits for its file, without memory of its own: at full rate that is each packet.
  private mutating func put(
    _ packet: SniffedPacket, _ octets: Span<UInt8>, _ annotations: PacketAnnotations?
  ) -> Bool {
    switch form {
    case .pcap(let writer):
      guard let writer, packet.linkType == writer.linkType else { return false }
      output.text.append(upTo: CaptureWriter.recordHeaderLength + octets.count) {
        writer.writeRecord(octets, at: packet.time, originalLength: packet.originalLength, to: &$0)
      }
    case .pcapng(let writer, _):
      let interface = packet.interface ?? 0
      guard annotations == nil else {
        output.text.append(
          writer.packet(
            octets, at: packet.time, originalLength: packet.originalLength, interface: interface,
            annotations: annotations
          ).span)
        return true
      }
      output.text.append(upTo: PcapngWriter.packetLength(octets.count)) {
        writer.writePacket(
          octets, at: packet.time, originalLength: packet.originalLength, interface: interface,
          to: &$0)
      }
    }
    return true
  }

  /// Writes what waits.
  mutating func flush() { output.flush() }

  /// Writes everything. A capture without interfaces is a file all the same.
  mutating func finish() {
    switch form {
    case .pcap(.none): append(CaptureInterface(linkType: .ethernet, snapshotLength: 0))
    case .pcapng(_, hasSection: false): begin(CaptureSection())
    case .pcap, .pcapng: break
    }
    output.flush()
  }
}
