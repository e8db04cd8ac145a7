import CaptureFile
import HostNaming
import LinuxNet
import LinuxSystem
import PacketFields
import PacketText
import PacketWire
import TerminalText

/// What is done with packets: printed, told, or saved.
struct PacketSink: ~Copyable {
  // One of these at the most. They are no enum, because taking a payload out of one and putting it
  // back was a third of the time a line takes.
  private var printer: PacketPrinter?
  private var events: PacketEvents?
  private var teller: StoryTeller?
  private var statistics: StatisticsTaker?
  private var streams: StreamTaker?
  private var file: CaptureOutput?
  private var output: LineOutput
  private var origins: [String] = []
  /// Reads the fields of packets, to print them or to ask the display filter.
  private var fields: FieldPrinter?
  private let filter: DisplayFilter?
  private let printsFields: Bool
  /// The last packet that the display filter was asked about, and what it said.
  private var verdict = (number: 0, passes: true)
  private let showsProcesses: Bool
  private let textFile: OutputFile?
  private var textFailure: SystemError?
  private let countsOnly: Bool
  /// Something is printed of packets, or counted. To ask all that could for it took as long as a tenth
  /// of what counting conversations takes.
  private let readsPackets: Bool
  private let takesStatistics: Bool
  /// The teller makes a report. To ask it costs a copy of it for each packet.
  private let makesReport: Bool
  /// Packets that were taken, those that were passed over left out.
  private var count = 0
  private let names: HostNames
  private let skipCount: Int
  private let holdsStory: Bool

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
    if let choice {
      statistics = StatisticsTaker(choice, settings, printsJSON: options.printsJSON)
    } else if options.tellsStory {
      teller = StoryTeller(settings, options)
    } else if options.printsJSON {
      events = PacketEvents(interfaceName: Self.interfaceNames(options))
    } else if options.prints, streams == nil, chosen.fields == nil {
      printer = Self.printer(options, names, waitsForNames: waitsForNames)
    }
    (filter, printsFields) = (chosen.filter, chosen.fields != nil)
    if chosen.isNeeded { fields = FieldPrinter(chosen.fields ?? [], where: chosen.filter) }
    self.names = names
    skipCount = options.skipCount
    countsOnly = options.capture.countsOnly
    makesReport = teller?.makesReport == true
    takesStatistics = statistics != nil
    readsPackets =
      printer != nil || events != nil || teller != nil || fields != nil || statistics != nil
      || streams != nil
    showsProcesses = options.capture.showsProcesses
    textFile = outputs.textFile
    file = outputs.takePackets()
    holdsStory = holdsOutput
    let flushing =
      holdsOutput
      ? FlushPolicy.whenFull
      : .automatic(
        isTerminal: settings.isTerminal && textFile == nil,
        isLineBuffered: options.isLineBuffered || options.capture.isPacketBuffered)
    output = textFile?.output(flushing) ?? LineOutput(to: StandardStream.output, flushing: flushing)
    if printsFields { fields?.appendHeader(into: &output.text) }
  }

  private static func printer(
    _ options: SniffOptions, _ names: HostNames, waitsForNames: Bool
  ) -> PacketPrinter {
    var printer = PacketPrinter(options.text)
    printer.secondsEastOfUTC = { LocalTime.secondsEastOfUTC(at: $0) }
    printer.hostName = { address in
      names.request(address)
      if waitsForNames { names.wait(for: address) }
      guard let name = names.name(of: address) else { return nil }
      return options.capture.hasShortNames ? String(name.prefix { $0 != "." }) : name
    }
    if options.capture.hasForeignNumbers { printer.limitNames(to: LocalNetworks(options)) }
    printer.interfaceName = interfaceNames(options)
    return printer
  }

  /// The names of this host's interfaces; a file may come from another host.
  private static func interfaceNames(_ options: SniffOptions) -> ((UInt32) -> String?)? {
    guard options.readFile == nil, options.capture.fileList == nil else { return nil }
    var interfaces: [UInt32: String] = [:]
    for interface in (try? NetworkInterface.all()) ?? [] {
      interfaces[interface.index] = interface.name
    }
    return { interfaces[$0] }
  }

  /// Somebody still reads what is printed. To ask the file too costs a copy of it.
  var isPrinting: Bool {
    output.isOpen && textFile?.isOver != true && textFailure == nil || makesReport
  }

  /// Somebody still reads what is printed and written.
  var isOpen: Bool {
    switch file {
    case .some(let file): isPrinting && file.isOpen
    case .none: isPrinting
    }
  }

  /// What kept the output from being written.
  var failure: SystemError? {
    switch file {
    case .some(let file):
      output.failure ?? textFailure ?? teller?.failure ?? streams?.failure ?? file.failure
    case .none: output.failure ?? textFailure ?? teller?.failure ?? streams?.failure
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
    guard readsPackets else { return }
    if let textFile, textFile.isSeries, !goOn(textFile) { return }
    let frame = Frame(
      decoding: octets, linkType: packet.linkType, originalLength: packet.originalLength)
    if fields != nil, !passes(packet, frame, octets) {
      // What later steps of a story rest on.
      teller?.tell(packet, frame, octets, isShown: false, into: &output.text)
      return
    }
    if filter != nil { count &+= 1 }
    if takesStatistics {
      // Nothing is printed before the end.
      statistics?.count(packet, frame, octets)
      return
    }
    if showsProcesses { printer?.note = packet.process?.words }
    if !origins.isEmpty { printer?.origin = packet.interface.map { origins[$0] } }
    printer?.line(
      for: frame, octets: octets, number: packet.number, at: packet.time,
      originalLength: packet.originalLength, into: &output.text)
    events?.append(packet, frame, octets, to: &output.text)
    if printsFields { fields?.appendLine(octets, into: &output.text) }
    streams?.take(packet.described, frame, octets, into: &output.text)
    teller?.tell(packet, frame, octets, isShown: true, into: &output.text)
    flushIfDue()
  }

  /// Begins the next file of text if this one is full; false when it was the last.
  private mutating func goOn(_ file: OutputFile) -> Bool {
    let step = file.step(waiting: output.text.count)
    if step == .stay { return true }
    output.flush()
    do throws(SystemError) {
      guard step == .next else {
        try file.close()
        return false
      }
      try file.advance()
    } catch {
      textFailure = error
      return false
    }
    if printsFields { fields?.appendHeader(into: &output.text) }
    return true
  }

  /// When the time of the last file is over, if that is limited.
  var end: WallInstant? {
    var ends = [textFile?.end]
    switch file {
    case .some(let file): ends.append(file.end)
    case .none: break
    }
    return ends.compactMap { $0 }.min { $0.nanoseconds < $1.nanoseconds }
  }

  /// Closes files whose time is over.
  mutating func endIfOver() {
    file?.endIfOver()
    if let textFile, textFile.isSeries { _ = goOn(textFile) }
  }

  /// Takes in names that have come.
  func updateNames() { names.update() }

  private mutating func flushIfDue() {
    guard !holdsStory else { return }
    if output.flushing == .eachLine || output.text.count >= output.limit { output.flush() }
  }

  /// Writes what waits, while nothing else is to be done.
  mutating func idle() {
    if !holdsStory { output.flush() }
    file?.flush()
  }

  /// Says what is only known at the end, and writes everything.
  mutating func finish() {
    teller?.finish(into: &output.text)
    statistics?.finish(into: &output.text)
    streams?.finish(into: &output.text)
    if countsOnly {
      output.text.append(decimal: count)
      output.text.append(count == 1 ? " packet\n" : " packets\n")
    }
    output.flush()
    file?.finish()
  }
}
