internal import CMaxMind
import Glibc

/// The library's name with the number of its binary interface, which the shim's header is of.
private let libraryName = "libmaxminddb.so.0"

/// libmaxminddb's functions, loaded when they are wanted: linked, they would make every start of a tool
/// 51 µs longer, which is 4 %.
@unsafe struct MaxMindLibrary {
  typealias Open =
    @convention(c) (UnsafePointer<CChar>?, UInt32, UnsafeMutablePointer<MMDB_s>?) -> CInt
  typealias LookUp =
    @convention(c) (UnsafePointer<MMDB_s>?, UnsafePointer<sockaddr>?, UnsafeMutablePointer<CInt>?)
    -> MMDB_lookup_result_s
  typealias GetValue =
    @convention(c) (
      UnsafeMutablePointer<MMDB_entry_s>?, UnsafeMutablePointer<MMDB_entry_data_s>?,
      UnsafePointer<UnsafePointer<CChar>?>?
    ) -> CInt
  typealias Close = @convention(c) (UnsafeMutablePointer<MMDB_s>?) -> Void
  typealias Message = @convention(c) (CInt) -> UnsafePointer<CChar>?

  let open: Open
  let lookUp: LookUp
  let getValue: GetValue
  let close: Close
  let message: Message

  /// Loads it; it stays until the process ends. The corresponding C calls are `dlopen` and `dlsym`.
  init() throws(CountryFileError) {
    guard let handle = unsafe dlopen(libraryName, RTLD_NOW | RTLD_LOCAL) else {
      throw CountryFileError(
        path: libraryName, reason: "it cannot be loaded",
        remedy: "sudo apt-get install libmaxminddb0")
    }
    unsafe open = try Self.function("MMDB_open", of: handle, as: Open.self)
    unsafe lookUp = try Self.function("MMDB_lookup_sockaddr", of: handle, as: LookUp.self)
    unsafe getValue = try Self.function("MMDB_aget_value", of: handle, as: GetValue.self)
    unsafe close = try Self.function("MMDB_close", of: handle, as: Close.self)
    unsafe message = try Self.function("MMDB_strerror", of: handle, as: Message.self)
  }

  private static func function<Function>(
    _ symbol: String, of handle: UnsafeMutableRawPointer, as type: Function.Type
  ) throws(CountryFileError) -> Function {
    guard let address = unsafe dlsym(handle, symbol) else {
      throw CountryFileError(path: libraryName, reason: "it has no \(symbol)")
    }
    // The types are those of the library's header.
    return unsafe unsafeBitCast(address, to: type)
  }
}
