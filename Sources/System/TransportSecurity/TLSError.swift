internal import COpenSSL

/// Something that OpenSSL could not do.
public struct TLSError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line: what was tried, and the library's words.
  public let description: String

  /// Takes the library's last error, and forgets the others.
  init(_ operation: String) {
    var buffer = [CChar](repeating: 0, count: 256)
    let code = ERR_get_error()
    // The library writes at most the length, with a zero at the end.
    unsafe ERR_error_string_n(code, &buffer, buffer.count)
    ERR_clear_error()
    let words = String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    description = "cannot \(operation)" + (code == 0 ? "" : ": \(words)")
  }
}
