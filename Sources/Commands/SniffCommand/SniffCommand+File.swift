import CaptureFile
import CommandLineKit
import LinuxSystem
import LiveCapture
import PacketFields
import PacketWire

extension SniffCommand {
  /// Reads capture files one after another, each to its end or to where it is damaged.
  static func readFiles(
    _ paths: [String], _ options: SniffOptions, filter: PacketFilter, fields: FieldChoice,
    statistics: StatisticsChoice?, streams: StreamTaker?
  ) throws -> CInt {
    // A filter is wrong or right whatever the file holds.
    if !filter.isEmpty { _ = try filter.program(for: .ethernet) }
    let user = try self.user(options)
    guard let first = paths.first else { throw UsageError("no file is named to be read") }
    let opener = paths.count > 1 ? try FileOpener(paths) : nil
    let plan = try CaptureOutputs.Plan(options, user: user)
    var source = FileSource(try FileOctets(first), filter: filter)
    // What is no capture empties no file.
    if options.writeFile != nil || options.capture.textFile != nil {
      do { try source.begin() } catch { return report(error, in: first) }
    }
    // Opened as whoever called us; from here on there are only octets that somebody else made.
    let outputs = try plan.open()
    try giveUpPrivileges(options, streams, user)
    var sink = PacketSink(
      options, outputs, holdsOutput: false, waitsForNames: true, fields: fields,
      statistics: statistics, streams: streams)
    var number = 0
    for (index, path) in paths.enumerated() {
      do {
        if index > 0, let opener {
          source = FileSource(FileOctets(try opener.open(index)), filter: filter)
        }
        number = try readPackets(of: &source, options, from: number, into: &sink)
      } catch {
        sink.finish()
        return report(error, in: path)
      }
      if number >= options.lastNumber ?? .max || !sink.goesOn() { break }
    }
    sink.finish()
    if let remark = sink.remark { Tool.printDiagnostic("\(toolName): \(remark)") }
    if sink.leftOutCount > 0 {
      return Tool.printFailure(
        tool: toolName,
        "\(sink.leftOutCount) packets of \(UsageError.quoted(first)) were not written: a pcap file "
          + "has one link type, and theirs is another; write to a name that ends in "
          + "\(CaptureOutput.pcapngSuffix)",
        exitCode: 1)
    }
    return finish(sink.failure)
  }

  private static func report(_ damage: any Error, in path: String) -> CInt {
    let isNamed = (damage as? SystemError)?.object.isEmpty == false
    let place = isNamed ? "" : "\(UsageError.quoted(path)): "
    return Tool.printFailure(
      tool: toolName, "\(place)\(damage)",
      exitCode: damage is FilterError ? Tool.usageExitCode : 1)
  }

  /// Returns the number of the last packet that was taken.
  private static func readPackets(
    of source: inout FileSource, _ options: SniffOptions, from start: Int,
    into sink: inout PacketSink
  ) throws -> Int {
    let count = options.lastNumber ?? .max
    let keptLength = keptLength(options)
    var number = start
    func sniffed(_ packet: CapturedPacket, of interface: Int?) -> SniffedPacket {
      number += 1
      return SniffedPacket(
        number: number, time: packet.time, linkType: packet.linkType,
        originalLength: packet.originalLength, place: start + packet.number, interface: interface)
    }
    let showsProcesses = options.capture.showsProcesses
    guard options.writeFile != nil || showsProcesses else {
      try source.run { packet, interface, octets in
        sink.take(
          sniffed(packet, of: interface), octets.extracting(first: min(octets.count, keptLength)))
        return number < count && sink.isPrinting
      }
      return number
    }
    let readsRecords = sink.keepsRecords || showsProcesses
    try source.copy { item, reader in
      guard case .packet(let packet) = item else {
        sink.keep(item, of: reader)
        return sink.goesOn()
      }
      let annotations = readsRecords ? reader.annotations() : nil
      var described = sniffed(
        packet, of: reader.namesInterfaces ? packet.interface : nil)
      if showsProcesses { described.process = annotations.flatMap { PacketProcess($0) } }
      reader.withOctets { octets in
        let kept = octets.extracting(first: min(octets.count, keptLength))
        sink.keep(described, kept, annotations: annotations)
        sink.take(described, kept)
      }
      return number < count && sink.goesOn()
    }
    return number
  }

  /// How many octets of each packet are kept.
  static func keptLength(_ options: SniffOptions) -> Int {
    options.snapshotLength == 0 ? 262_144 : options.snapshotLength
  }

  /// What an output that could not be written means for the exit code.
  static func finish(_ failure: SystemError?) -> CInt {
    failure.map { Tool.printFailure(tool: toolName, "\($0)", exitCode: 1) } ?? 0
  }
}
