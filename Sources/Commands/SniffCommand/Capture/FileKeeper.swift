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
  private let helper: FileHelper

  /// Starts the helper, for these series. `command` is run on each file that is closed, as `owner`
  /// if there is one, to whom the files belong.
  init(_ series: [FileSeries], command: String?, owner: Command.Identity?) throws(SystemError) {
    var names: [String?] = series.map { _ in nil }
    helper = try FileHelper(toDo: "create") { question in
      guard let asked = FileQuestion(question), asked.series < series.count else {
        return FileHelper.failure(SystemError("create a file", errorNumber: 0), at: "")
      }
      if let command, let closed = names[asked.series] {
        try? launch(
          [command, closed], as: owner, complaint: "\(SniffCommand.toolName): cannot run")
      }
      names[asked.series] = nil
      guard let place = asked.place else { return FileHelper.done() }
      let name = series[asked.series].name(of: place)
      do throws(SystemError) {
        let file = try Descriptor.createForWriting(name, owner: owner)
        names[asked.series] = name
        return FileHelper.done(file)
      } catch {
        return FileHelper.failure(error, at: name)
      }
    }
  }

  /// Opens the file at `place` of a series, after the command was run on the one before.
  func open(_ place: FileSeries.Place, of series: Int) throws(SystemError) -> Descriptor {
    try helper.open(FileQuestion(series: series, place: place).octets)
  }

  /// Runs the command on the last file, which is closed.
  func close(_ series: Int) throws(SystemError) {
    _ = try helper.ask(FileQuestion(series: series, place: nil).octets)
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
