import CaptureFile
import HostNaming
import LinuxSystem
import PacketFields
import PacketText
import PacketWire
import TerminalText

/// What is done with packets: printed, told, or saved.
struct PacketSink: ~Copyable {
  /// What packets are decoded for.
  private enum Use {
    case nothing, lines, statistics, others
  }

  // One of these at the most. They are no enum, because taking a payload out of one and putting it
  // back was a third of the time a line takes; and the printer, idle where none is wanted, is no
  // optional, to ask which it is took as long as the time stamp.
  private var printer = PacketPrinter()
  private var events: PacketEvents?
  private var teller: StoryTeller?
  private var statistics: StatisticsTaker?
  private var streams: StreamTaker?
  private var file: CaptureOutput?
  private var text: SinkText
  private var origins: [String] = []
  /// Reads the fields of packets, to print them or to ask the display filter.
  private var fields: FieldPrinter?
  private let filter: DisplayFilter?
  private let readsFields: Bool
  private let printsFields: Bool
  /// The last packet that the display filter was asked about, and what it said.
  private var verdict = (number: 0, passes: true)
  private let showsProcesses: Bool
  private let countsOnly: Bool
  /// To ask each that could use a packet, for every packet, took a tenth of the time in which
  /// conversations are counted.
  private let use: Use
  /// The teller makes a report. To ask it costs a copy of it for each packet.
  private let makesReport: Bool
  /// Packets that were taken, those that were passed over left out.
  private var count = 0
  private let names: HostNames
  private let skipCount: Int

  /// A sink as the options have it. `holdsOutput` keeps it back until `finish`, so that it does not
  /// mingle with what a command prints. `waitsForNames` lets a line wait a little for names, which
  /// only a file has the time for. With `fields` or `streams`, those are printed.
  init(
    _ options: SniffOptions, _ outputs: consuming CaptureOutputs, holdsOutput: Bool,
    waitsForNames: Bool, fields chosen: FieldChoice, statistics choice: StatisticsChoice?,
    streams: StreamTaker?
  ) {
    let settings = TerminalSettings.current(of: StandardStream.output)
    let names = HostNames(
      isEnabled: options.prints && options.numeric == 0 && !options.printsJSON
        && !options.tellsStory && chosen.fields == nil && choice == nil
        && streams == nil)
    self.streams = streams
    var use: Use = chosen.isNeeded || streams != nil ? .others : .nothing
    if let choice {
      use = .statistics
      statistics = StatisticsTaker(choice, settings, printsJSON: options.printsJSON)
    } else if options.tellsStory {
      use = .others
      teller = StoryTeller(settings, options)
    } else if options.printsJSON {
      use = .others
      events = PacketEvents(interfaceName: options.interfaceNames)
    } else if options.prints, streams == nil, chosen.fields == nil {
      use = .lines
      printer = PacketPrinter(options, names, waitsForNames: waitsForNames)
    }
    self.use = use
    (filter, printsFields) = (chosen.filter, chosen.fields != nil)
    readsFields = chosen.isNeeded
    if readsFields { fields = FieldPrinter(chosen.fields ?? [], where: chosen.filter) }
    self.names = names
    skipCount = options.skipCount
    countsOnly = options.capture.countsOnly
    makesReport = teller?.makesReport == true
    showsProcesses = options.capture.showsProcesses
    text = SinkText(
      outputs.textFile, settings,
      isLineBuffered: options.isLineBuffered || options.capture.isPacketBuffered,
      holdsAll: holdsOutput)
    file = outputs.takePackets()
    if printsFields { fields?.appendHeader(into: &text.output.text) }
  }

  /// Somebody still reads what is printed.
  var isPrinting: Bool { text.isOpen || makesReport }

  /// Somebody still reads what is printed and written. It changes nothing; but what does not is asked of
  /// a copy of this whole value, ten kilobytes, and took half of the time in which a packet is saved.
  mutating func goesOn() -> Bool { isPrinting && file?.goesOn() != false }

  /// What kept the output from being written.
  var failure: SystemError? {
    switch file {
    case .some(let file):
      text.failure ?? teller?.failure ?? streams?.failure ?? file.failure
    case .none: text.failure ?? teller?.failure ?? streams?.failure
    }
  }

  /// The file that is written keeps more than packets.
  var keepsRecords: Bool {
    switch file {
    case .some(let file): file.keepsRecords
    case .none: false
    }
  }

  /// What is to be said on standard error at the end.
  var remark: String? {
    guard let count = filter?.gaveUpCount, count > 0 else { return streams?.remark }
    return
      "--where: \(count) searches for a regular expression took too long and count as nothing found"
  }

  /// Packets that the file that is written cannot hold.
  var leftOutCount: Int {
    switch file {
    case .some(let file): file.leftOutCount
    case .none: 0
    }
  }

  /// Lets lines and events say on which of these interfaces a packet was captured.
  mutating func name(_ interfaces: [String]) {
    origins = interfaces
    events?.origins = interfaces
  }

  /// Saves what a file says beside its packets.
  mutating func keep(_ item: CaptureItem, of reader: CaptureReader) {
    file?.append(item, of: reader)
  }

  /// Saves what was counted.
  mutating func keep(_ statistics: InterfaceStatistics) { file?.append(statistics) }

  /// Saves one packet, and what else a file says about it.
  mutating func keep(
    _ packet: SniffedPacket, _ octets: Span<UInt8>, annotations: PacketAnnotations? = nil
  ) {
    guard packet.number > skipCount else { return }
    if filter != nil {
      let frame = Frame(
        decoding: octets, linkType: packet.linkType, originalLength: packet.originalLength)
      guard passes(packet, frame, octets) else { return }
    }
    file?.append(packet, octets, annotations ?? packet.process?.annotations)
  }

  /// Reads the fields of a packet, once; whether it passes the display filter.
  private mutating func passes(
    _ packet: SniffedPacket, _ frame: Frame, _ octets: Span<UInt8>
  ) -> Bool {
    if verdict.number != packet.number {
      let described = packet.described
      verdict = (packet.number, fields?.read(described, frame, octets) ?? true)
    }
    return verdict.passes
  }

  /// Prints one packet, or tells of it.
  mutating func take(_ packet: SniffedPacket, _ octets: Span<UInt8>) {
    guard packet.number > skipCount else { return }
    if filter == nil { count &+= 1 }
    guard use != .nothing else { return }
    if text.isSeries, !goOn() { return }
    let frame = Frame(
      decoding: octets, linkType: packet.linkType, originalLength: packet.originalLength)
    if readsFields, !passes(packet, frame, octets) {
      // What later steps of a story rest on.
      teller?.tell(packet, frame, octets, isShown: false, into: &text.output.text)
      return
    }
    if filter != nil { count &+= 1 }
    switch use {
    case .nothing: break
    // Nothing is printed before the end.
    case .statistics: statistics?.count(packet, frame, octets)
    case .lines:
      appendLine(packet, frame, octets)
      text.flushIfDue()
    case .others:
      events?.append(packet, frame, octets, to: &text.output.text)
      if printsFields { fields?.appendLine(octets, into: &text.output.text) }
      streams?.take(packet.described, frame, octets, into: &text.output.text)
      teller?.tell(packet, frame, octets, isShown: true, into: &text.output.text)
      text.flushIfDue()
    }
  }

  @inline(__always)
  private mutating func appendLine(
    _ packet: SniffedPacket, _ frame: borrowing Frame, _ octets: Span<UInt8>
  ) {
    if showsProcesses { printer.note = packet.process?.words }
    if !origins.isEmpty { printer.origin = packet.interface.map { origins[$0] } }
    printer.line(
      for: frame, octets: octets, number: packet.number, at: packet.time,
      originalLength: packet.originalLength, into: &text.output.text)
  }

  /// Begins the next file of text if this one is full; false when it was the last.
  private mutating func goOn() -> Bool {
    let step = text.goOn()
    if step == .next, printsFields { fields?.appendHeader(into: &text.output.text) }
    return step != .end
  }

  /// When the time of the last file is over, if that is limited.
  var end: WallInstant? {
    var ends = [text.end]
    switch file {
    case .some(let file): ends.append(file.end)
    case .none: break
    }
    return ends.compactMap { $0 }.min { $0.nanoseconds < $1.nanoseconds }
  }

  /// Closes files whose time is over.
  mutating func endIfOver() {
    file?.endIfOver()
    if text.isSeries { _ = goOn() }
  }

  /// Takes in names that have come.
  func updateNames() { names.update() }

  /// Writes what waits, while nothing else is to be done.
  mutating func idle() {
    text.idle()
    file?.flush()
  }

  /// Says what is only known at the end, and writes everything.
  mutating func finish() {
    teller?.finish(into: &text.output.text)
    statistics?.finish(into: &text.output.text)
    streams?.finish(into: &text.output.text)
    if countsOnly {
      text.output.text.append(decimal: count)
      text.output.text.append(count == 1 ? " packet\n" : " packets\n")
    }
    text.output.flush()
    file?.finish()
  }
}
