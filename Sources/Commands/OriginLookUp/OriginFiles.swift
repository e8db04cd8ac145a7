public import AddressOrigins
public import CountryData
import LinuxSystem

// Both act as the user who started the program, and go on so: errors quote what a file says, and nobody
// is to read a file by them that he may not read.

extension OriginTable {
  /// Reads the table that a file of the user's holds, with his rights (`Privileges.becomeRealUser`):
  /// sockets that need more are opened before.
  ///
  /// - Throws: `SystemError` if it cannot be read, `LineError` for what is wrong in it.
  public static func read(from path: String) throws -> OriginTable {
    try Privileges.becomeRealUser()
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

extension CountryFile {
  /// Opens a file of the user's with his rights.
  ///
  /// - Throws: `SystemError` if those cannot be had, `CountryFileError` if it cannot be read.
  public static func read(from path: String) throws -> CountryFile {
    try Privileges.becomeRealUser()
    return try CountryFile(path)
  }
}
