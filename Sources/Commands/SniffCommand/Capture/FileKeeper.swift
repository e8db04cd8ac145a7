import LinuxNet
import LinuxSystem
import PacketWire

/// Opens the files of a series, in a process that keeps the rights of whoever started us.
///
/// By the time the second file is due this process has no capabilities any more, and perhaps another
/// user: neither could it create a file in somebody's folder. To keep that right here would keep it
/// where the packets of strangers are read. So a helper keeps it that knows the names beforehand and
/// is told only which is next; it sees no packet, and cannot be talked into another name.
final class FileKeeper {
  private let helper: HelperProcess

  /// Starts the helper, for these series. `command` is run on each file that is closed, as `owner`
  /// if there is one, to whom the files belong.
  init(_ series: [FileSeries], command: String?, owner: Command.Identity?) throws(SystemError) {
    var names: [String?] = series.map { _ in nil }
    helper = try HelperProcess(named: "sniff-files") { question in
      guard let asked = FileQuestion(question), asked.series < series.count else {
        return FileAnswer.failed(0, "").answer
      }
      if let command, let closed = names[asked.series] {
        try? launch(
          [command, closed], as: owner, complaint: "\(SniffCommand.toolName): cannot run")
      }
      names[asked.series] = nil
      guard let place = asked.place else { return FileAnswer.closed.answer }
      let name = series[asked.series].name(of: place)
      do throws(SystemError) {
        let file = try Descriptor.createForWriting(name, owner: owner)
        names[asked.series] = name
        return HelperProcess.Answer(FileAnswer.opened.octets, descriptor: file)
      } catch {
        return FileAnswer.failed(error.errorNumber, name).answer
      }
    }
  }

  /// Opens the file at `place` of a series, after the command was run on the one before.
  func open(_ place: FileSeries.Place, of series: Int) throws(SystemError) -> Descriptor {
    let answer = try ask(FileQuestion(series: series, place: place))
    let octets = answer.octets
    guard let descriptor = answer.takeDescriptor() else {
      throw FileAnswer.error(in: octets)
    }
    return descriptor
  }

  /// Runs the command on the last file, which is closed.
  func close(_ series: Int) throws(SystemError) {
    _ = try ask(FileQuestion(series: series, place: nil))
  }

  private func ask(_ question: FileQuestion) throws(SystemError) -> HelperProcess.Answer {
    do throws(SystemError) {
      return try helper.ask(question.octets)
    } catch {
      guard error.isBrokenPipe else { throw error }
      throw SystemError(
        "begin the next file", errorNumber: error.errorNumber,
        remedy: "somebody has ended the helper process that opens it")
    }
  }
}

/// What is asked: a series, and which of its files; none when the last one is closed.
private struct FileQuestion {
  var series: Int
  var place: FileSeries.Place?

  init(series: Int, place: FileSeries.Place?) { (self.series, self.place) = (series, place) }

  init?(_ octets: [UInt8]) {
    guard octets.count == 18 else { return nil }
    series = Int(octets[0])
    guard octets[1] == 1 else { return }
    place = FileSeries.Place(
      number: Int(octets.span.u64(at: 2) & .init(Int.max)),
      start: WallInstant(nanoseconds: Int64(bitPattern: octets.span.u64(at: 10))))
  }

  var octets: [UInt8] {
    [UInt8](capacity: 18) { out in
      out.append(UInt8(series))
      out.append(place == nil ? 0 : 1)
      out.append(bigEndian: UInt64(place?.number ?? 0))
      out.append(bigEndian: UInt64(bitPattern: place?.start.nanoseconds ?? 0))
    }
  }
}

/// What is answered; with `opened` goes the descriptor.
private enum FileAnswer {
  case opened, closed
  case failed(CInt, String)

  var octets: [UInt8] {
    switch self {
    case .opened: [1]
    case .closed: [2]
    case .failed(let number, let name): [0, UInt8(clamping: number)] + Array(name.utf8)
    }
  }

  var answer: HelperProcess.Answer { HelperProcess.Answer(octets) }

  static func error(in octets: [UInt8]) -> SystemError {
    guard octets.count >= 2, octets[0] == 0 else {
      return SystemError("understand the helper process", errorNumber: 0)
    }
    return SystemError(
      "create", on: String(decoding: octets.dropFirst(2), as: UTF8.self),
      errorNumber: CInt(octets[1]))
  }
}
