import Glibc

/// Strings as C's `char *[]`, ended by a null pointer, for as long as this lives. Safe to hold, for
/// only `pointers` hands out what could dangle, and that is marked at each use.
@safe
struct CStringArray: ~Copyable {
  /// What C is given.
  @unsafe let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  /// Copies `strings`; each ends at its first NUL, as it would for C.
  init(_ strings: [String]) {
    count = strings.count
    // Freed in deinit, and written by nobody else.
    unsafe pointers = UnsafeMutablePointer.allocate(capacity: count + 1)
    for (index, string) in strings.enumerated() {
      unsafe (pointers + index).initialize(to: strdup(string))
    }
    unsafe (pointers + count).initialize(to: nil)
  }

  deinit {
    for index in 0..<count { unsafe free(pointers[index]) }
    unsafe pointers.deallocate()
  }
}

/// The environment `current` as "NAME=value" strings, with `changes` added or put in the place of
/// what was there.
func environmentStrings(
  of current: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  replacing changes: [String: String]
) -> [String] {
  var strings: [String] = []
  var index = 0
  // C's array ends with a null pointer.
  while let entry = unsafe current?[index] {
    let string = unsafe String(cString: entry)
    let name = String(string.prefix { $0 != "=" })
    if changes[name] == nil { strings.append(string) }
    index += 1
  }
  return strings + changes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
}
