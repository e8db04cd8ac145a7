import CommandLineKit
import LinuxSystem
import LiveCapture
import PacketWire

/// What the command line says about capturing, beside what is done with the packets.
struct CaptureOptions: Hashable, Sendable {
  /// KiB of the kernel's buffer; nil leaves it to us.
  var bufferSize: Int?
  /// A file is full after so many octets.
  var fileSize: Int?
  /// There are so many files.
  var fileCount: Int?
  /// A file is full after so many seconds.
  var filePeriod: Int?
  /// What is done with each file that is full.
  var afterFile: String?
  /// Who we are once everything is open.
  var user: String?
  /// What would be printed on standard output goes to this file.
  var textFile: String?
  /// The filter stands in this file.
  var filterFile: String?
  /// How often `-d` was given.
  var dumpCount = 0
  /// The filter is not optimized.
  var isUnoptimized = false
  /// The filter is libpcap's alone: tags are not looked through.
  var isExact = false
  /// Say what the filter means, and nothing else.
  var explainsFilter = false
  /// Packets say which process they belong to.
  var showsProcesses = false
  /// With a command, capture what others send too.
  var capturesAll = false
  /// Frames shall begin like this.
  var linkTypeName: String?
  /// Who stamps the packets.
  var timestampTypeName: String?
  /// Say which link types, or which kinds of time stamps, the interface has, and nothing else.
  var listsLinkTypes = false, listsTimestampTypes = false
  /// See all frames of the air.
  var isMonitor = false
  /// Which way packets go.
  var direction = LiveCapture.Direction.inout
  /// Hand over each packet at once, whatever it costs.
  var isImmediate = false
  /// Write each packet at once.
  var isPacketBuffered = false
  /// A file with the names of the files to be read.
  var fileList: String?
  /// Say how many packets there are, and nothing else.
  var countsOnly = false
  /// Print packets although they are written to a file.
  var printsToo = false
  /// Print names without their domain.
  var hasShortNames = false
  /// Print IPv4 addresses of other networks as numbers.
  var hasForeignNumbers = false

  /// Files follow each other.
  var rotates: Bool { fileSize != nil || filePeriod != nil }

  /// Says what excludes what.
  func check(_ options: SniffOptions) throws(UsageError) {
    if rotates, options.writeFile == nil, textFile == nil {
      throw UsageError("-C and -G need files to be written: -w FILE or --output FILE")
    }
    if rotates, options.writeFile == "-" || textFile == "-" {
      throw UsageError("standard output is no file that others could follow (-C, -G)")
    }
    if options.writeFile == "-", textFile == nil, printsToo || countsOnly {
      throw UsageError("--print, --count and -w - would both write to standard output")
    }
    if countsOnly, options.printsJSON || options.tellsStory || options.fields != nil {
      throw UsageError("--count excludes --json, --story and --fields")
    }
    if fileCount != nil, !rotates { throw UsageError("-W needs -C or -G") }
    if afterFile != nil, !rotates { throw UsageError("-z needs -C or -G") }
    if textFile != nil, rotates, options.tellsStory {
      throw UsageError("a story is told whole: --output cannot be cut by -C or -G")
    }
    if fileList != nil, options.readFile != nil {
      throw UsageError("-r and -V exclude each other")
    }
    if options.readFile != nil || fileList != nil { try checkFile(options) }
  }

  /// What only a live capture can do.
  private func checkFile(_ options: SniffOptions) throws(UsageError) {
    let live: [(String, Bool)] = [
      ("-i", !options.interfaces.isEmpty), ("-B", bufferSize != nil), ("-I", isMonitor),
      ("-j", timestampTypeName != nil), ("-Q", direction != .inout),
      ("--immediate-mode", isImmediate), ("-y", linkTypeName != nil),
      ("-L", listsLinkTypes), ("-J", listsTimestampTypes),
      ("-f", hasForeignNumbers),
    ]
    if let (name, _) = live.first(where: { $0.1 }) {
      throw UsageError("\(name) is about a live capture, and this is a file")
    }
  }

  /// How processes matter; nil if they do not.
  func owners(hasCommand: Bool) -> FlowOwners.Plan? {
    let limits = hasCommand && !capturesAll
    guard limits || showsProcesses else { return nil }
    return FlowOwners.Plan(limitsToCommand: limits, showsProcesses: showsProcesses)
  }

  /// Into the settings of a capture, but for the interface.
  func apply(to settings: inout LiveCapture.Settings) throws(UsageError) {
    if let bufferSize { settings.bufferLength = CInt(clamping: bufferSize << 10) }
    settings.direction = direction
    settings.isMonitor = isMonitor
    if let linkTypeName {
      guard let choice = CaptureChoice.dataLink(named: linkTypeName) else {
        throw UsageError("there is no link type \(UsageError.quoted(linkTypeName)); -L lists them")
      }
      settings.dataLink = choice.number
    }
    if let timestampTypeName {
      guard let choice = CaptureChoice.timestampType(named: timestampTypeName) else {
        throw UsageError(
          "there are no time stamps \(UsageError.quoted(timestampTypeName)); -J lists them")
      }
      settings.timestampType = choice.number
    }
  }

  /// The series that a file name stands for.
  func series(_ path: String) -> FileSeries? {
    guard rotates else { return nil }
    return FileSeries(
      path, fileSize: fileSize, fileCount: fileCount, period: filePeriod,
      start: WallClock.now())
  }
}
