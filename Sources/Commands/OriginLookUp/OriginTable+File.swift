public import AddressOrigins
import LinuxSystem

extension OriginTable {
  /// Reads the table that a file holds.
  ///
  /// - Throws: `SystemError` if it cannot be read, `LineError` for what is wrong in it.
  public static func read(from path: String) throws -> OriginTable {
    let descriptor = try Descriptor.openForReading(path)
    var reader = OriginTableReader(named: path)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count: Int?
      do throws(SystemError) {
        count = try descriptor.read(into: &buffer)
      } catch {
        throw SystemError("read", on: path, errorNumber: error.errorNumber)
      }
      guard let count, count > 0 else { return try reader.finish() }
      try reader.take(buffer.span.extracting(first: count))
    }
  }
}
