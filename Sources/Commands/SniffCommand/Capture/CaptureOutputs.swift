import CaptureFile
import LinuxSystem

/// Where packets and text go: the files that the command line names.
struct CaptureOutputs: ~Copyable {
  private var packets: CaptureOutput?
  /// What would be on standard output.
  let textFile: OutputFile?

  /// Prepares the opening of the files, while there are rights to lose: a helper, if a file is to
  /// follow another. Files are opened later, when nothing else can go wrong any more.
  struct Plan: ~Copyable {
    private let options: SniffOptions
    private let keeper: FileKeeper?
    private let owner: Command.Identity?

    init(_ options: SniffOptions, user: SystemUser?) throws(SystemError) {
      (self.options, owner) = (options, user?.identity)
      let series = [options.writeFile, options.capture.textFile].compactMap { path in
        path.flatMap { options.capture.series($0) }
      }
      keeper =
        series.isEmpty
        ? nil : try FileKeeper(series, command: options.capture.afterFile, owner: user?.identity)
    }

    /// Creates the files, or empties those that are there.
    consuming func open() throws(SystemError) -> CaptureOutputs {
      // A user of a program with more rights than his own gets files by his own.
      try Privileges.keepOnlyTheUsers()
      var packets: CaptureOutput?
      if let path = options.writeFile {
        packets = CaptureOutput(
          try file(path, number: 0), named: path,
          snapshotLength: SniffCommand.keptLength(options),
          resolution: options.printsNanoseconds ? .nanoseconds : .microseconds,
          isPacketBuffered: options.capture.isPacketBuffered)
      }
      var text: OutputFile?
      if let path = options.capture.textFile {
        text = try file(path, number: options.writeFile == nil ? 0 : 1)
      }
      return CaptureOutputs(packets: packets, textFile: text)
    }

    private func file(_ path: String, number: Int) throws(SystemError) -> OutputFile {
      guard let keeper, let series = options.capture.series(path) else {
        return try OutputFile(path, owner: owner)
      }
      return try OutputFile(series, number: number, of: keeper)
    }
  }

  private init(packets: consuming CaptureOutput?, textFile: OutputFile?) {
    self.packets = packets
    self.textFile = textFile
  }

  /// Begins the file of packets, if there is one.
  mutating func begin(_ body: (inout CaptureOutput) -> Void) {
    guard var file = packets.take() else { return }
    body(&file)
    packets = consume file
  }

  /// Gives the file of packets away.
  consuming func takePackets() -> CaptureOutput? { packets }
}

extension SniffOptions {
  /// Packets are printed as lines.
  var prints: Bool { !capture.countsOnly && (writeFile == nil || capture.printsToo) }
}
