import CPCRE2
import Synchronization

/// A regular expression of Perl's kind, by PCRE2 (pcre2pattern(3)). It is about octets, not about
/// characters of several octets, and capitals and small letters are the same unless it says `(?-i)`.
///
/// An expression can be such that a search takes longer than anybody lives. So a search has a limit of
/// steps and of memory; one that reaches it finds nothing, and is counted.
@safe public final class RegularExpression: Sendable {
  // PCRE2 only reads a compiled expression and a context once they are made (pcre2api(3),
  // "Multithreading").
  private nonisolated(unsafe) let code: OpaquePointer
  private nonisolated(unsafe) let context: OpaquePointer
  private let gaveUp = Atomic<Int>(0)

  /// Steps and KiB that one search may take: steps for a millisecond or so on a long packet.
  private static let stepLimit: UInt32 = 1_000_000
  private static let memoryLimit: UInt32 = 16 * 1024
  /// Expressions are typed by hand.
  private static let longest = 65_536

  /// Reads an expression; the corresponding C call is `pcre2_compile`.
  public init(_ text: String) throws(RegularExpressionError) {
    let octets = Array(text.utf8)
    var number: CInt = 0
    var place = 0
    let options = UInt32(PCRE2_CASELESS | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C)
    guard octets.count <= Self.longest else {
      throw RegularExpressionError("it is too long", at: 0)
    }
    let compiled = unsafe octets.withUnsafeBufferPointer { buffer in
      // An empty array has no address, which PCRE2 wants.
      let empty: StaticString = ""
      let start = unsafe buffer.baseAddress ?? empty.utf8Start
      return unsafe pcre2_compile_8(start, buffer.count, options, &number, &place, nil)
    }
    guard let compiled = unsafe compiled else {
      throw RegularExpressionError(Self.message(number), at: place)
    }
    guard let made = unsafe pcre2_match_context_create_8(nil) else {
      unsafe pcre2_code_free_8(compiled)
      throw RegularExpressionError("no memory", at: 0)
    }
    unsafe pcre2_set_match_limit_8(made, Self.stepLimit)
    unsafe pcre2_set_heap_limit_8(made, Self.memoryLimit)
    unsafe (code, context) = (compiled, made)
  }

  deinit {
    unsafe pcre2_match_context_free_8(context)
    unsafe pcre2_code_free_8(code)
  }

  /// It is found in the octets. The corresponding C call is `pcre2_match`.
  public func isFound(in octets: Span<UInt8>) -> Bool {
    guard let result = unsafe pcre2_match_data_create_8(1, nil) else { return giveUp() }
    defer { unsafe pcre2_match_data_free_8(result) }
    let code = unsafe octets.withUnsafeBufferPointer { buffer in
      let empty: StaticString = ""
      let start = unsafe buffer.baseAddress ?? empty.utf8Start
      return unsafe pcre2_match_8(self.code, start, buffer.count, 0, 0, result, context)
    }
    // One is found; with room for one pair of places, 0 says that there were more groups.
    if code >= 0 { return true }
    return code == PCRE2_ERROR_NOMATCH ? false : giveUp()
  }

  /// How many searches reached a limit.
  public var gaveUpCount: Int { gaveUp.load(ordering: .relaxed) }

  private func giveUp() -> Bool {
    gaveUp.add(1, ordering: .relaxed)
    return false
  }

  private static func message(_ number: CInt) -> String {
    var text = [UInt8](repeating: 0, count: 256)
    let count = unsafe text.withUnsafeMutableBufferPointer { buffer in
      unsafe pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)
    }
    guard count > 0 else { return "error \(number)" }
    return String(decoding: text.prefix(Int(count)), as: UTF8.self)
  }
}

/// Why a text is no regular expression.
public struct RegularExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in the library's words.
  public var reason: String
  /// Octets of the text before that place.
  public var offset: Int

  init(_ reason: String, at offset: Int) { (self.reason, self.offset) = (reason, offset) }

  /// One line for a person.
  public var description: String { "\(reason), at octet \(offset)" }
}
