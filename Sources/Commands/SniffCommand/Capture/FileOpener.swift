import LinuxNet
import LinuxSystem
import PacketWire

/// Opens the files of a list (`-V`), in a process that keeps the rights of whoever started us.
///
/// When the first file has been opened this process gives its rights up, before it reads a packet;
/// the next file may be one that only they can read. To open all at once would take a descriptor for
/// each of a list of any length. The helper knows the names beforehand, and is told only which is next.
final class FileOpener {
  private let helper: FileHelper

  /// Starts the helper, for these files.
  init(_ paths: [String]) throws(SystemError) {
    helper = try FileHelper(toDo: "open") { question in
      guard question.count == 8, let index = Int(exactly: question.span.u64(at: 0)),
        index < paths.count
      else {
        return FileHelper.failure(SystemError("open a file", errorNumber: 0), at: "")
      }
      do throws(SystemError) {
        return FileHelper.done(try FileOctets.open(paths[index]))
      } catch {
        return FileHelper.failure(error, at: paths[index])
      }
    }
  }

  /// Opens the file at `index` of the list.
  func open(_ index: Int) throws(SystemError) -> Descriptor {
    try helper.open([UInt8](capacity: 8) { $0.append(bigEndian: UInt64(index)) })
  }
}
