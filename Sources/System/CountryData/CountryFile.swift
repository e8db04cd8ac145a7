internal import CMaxMind
import Glibc
internal import LinuxNet
public import PacketWire

/// In which countries addresses are, from a file in MaxMind's DB format (.mmdb). The file is mapped and
/// not read, and nothing is sent to anybody.
/// It is safe to use, for the library is given nothing but what it mapped itself.
@safe public final class CountryFile {
  private let library: MaxMindLibrary
  private let database: UnsafeMutablePointer<MMDB_s>

  /// Opens a file. The corresponding call of libmaxminddb is `MMDB_open`.
  public init(_ path: String) throws(CountryFileError) {
    let library = try unsafe MaxMindLibrary()
    let database = UnsafeMutablePointer<MMDB_s>.allocate(capacity: 1)
    errno = 0
    let code = unsafe library.open(path, UInt32(MMDB_MODE_MMAP), database)
    guard code == MMDB_SUCCESS else {
      let number = errno
      unsafe database.deallocate()
      throw CountryFileError(path: path, reason: unsafe library.reason(code, number))
    }
    unsafe (self.library, self.database) = (library, database)
  }

  deinit {
    unsafe library.close(database)
    unsafe database.deallocate()
  }

  /// The country of an address, two capital letters (ISO 3166-1); nil if the file does not say one.
  ///
  /// Files of several makers are understood: those in which the code stands at `country.iso_code`, at
  /// `country_code` or at `country`. What is damaged says nothing.
  public func country(of address: IPAddress) -> String? {
    var code: CInt = 0
    var result = unsafe Endpoint(address).withSocketAddress { address, _ in
      unsafe library.lookUp(database, address, &code)
    }
    guard code == MMDB_SUCCESS, unsafe result.found_entry else { return nil }
    for (key, innerKey) in Self.places {
      if let letters = unsafe letters(&result.entry, key, innerKey) { return letters }
    }
    return nil
  }

  private static var places: [(StaticString, StaticString?)] {
    [("country", "iso_code"), ("country_code", nil), ("country", nil)]
  }

  /// The two letters at a place of an entry.
  @unsafe private func letters(
    _ entry: inout MMDB_entry_s, _ key: StaticString, _ innerKey: StaticString? = nil
  ) -> String? {
    // On the heap, for it holds an integer of 16 octets, which has to stand at a multiple of that.
    let data = UnsafeMutablePointer<MMDB_entry_data_s>.allocate(capacity: 1)
    defer { unsafe data.deallocate() }
    // The keys are literals, which end with a NUL and live for ever; so does the list.
    let path = unsafe InlineArray<3, UnsafePointer<CChar>?> { index in
      switch index {
      case 0: unsafe key.cString
      case 1: unsafe innerKey?.cString
      default: nil
      }
    }
    let code = unsafe withUnsafePointer(to: path) { path in
      unsafe library.getValue(
        &entry, data,
        UnsafeRawPointer(path).assumingMemoryBound(to: UnsafePointer<CChar>?.self))
    }
    guard code == MMDB_SUCCESS, unsafe data.pointee.has_data,
      unsafe data.pointee.type == UInt32(MMDB_DATA_TYPE_UTF8_STRING),
      unsafe data.pointee.data_size == 2, let text = unsafe data.pointee.utf8_string
    else { return nil }
    // In the mapped file, as long as the library has checked.
    let letters = unsafe [UInt8(bitPattern: text[0]), UInt8(bitPattern: text[1])]
    guard letters.allSatisfy({ (0x41...0x5a).contains($0) }) else { return nil }
    return String(decoding: letters, as: UTF8.self)
  }
}

extension StaticString {
  fileprivate var cString: UnsafePointer<CChar> {
    unsafe UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
  }
}

extension MaxMindLibrary {
  /// What a failure of `open` was; the library's words for that of the system say little.
  fileprivate func reason(_ code: CInt, _ errorNumber: CInt) -> String {
    if code == MMDB_FILE_OPEN_ERROR || code == MMDB_IO_ERROR, errorNumber != 0,
      let text = unsafe strerror(errorNumber)
    {
      return unsafe String(cString: text)
    }
    // A constant string of the library's.
    guard let text = unsafe message(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}
