import CLinux

/// Declarations as getopt_long reads them, for as long as this lives. Safe to hold, for only its
/// pointers could dangle, and that is marked at each use.
///
/// A start of a tool makes one of a hundred options: the names stand in one piece of memory, and the
/// entries in another, where an array would have the runtime build its type first.
@safe
struct OptionNameTable: ~Copyable {
  /// Long options are reported by numbers above every letter: this one and its place among the declarations.
  static let firstCode: CInt = 256

  /// One for each name, ended by an entry of zeros.
  @unsafe let entries: UnsafeMutablePointer<option>
  /// The letters, each with a colon if it takes a value, and a NUL.
  @unsafe let letters: UnsafeMutablePointer<CChar>
  private let names: UnsafeMutablePointer<CChar>

  /// Copies the spellings; `start` comes before the letters.
  init(_ declarations: [OptionDeclaration], letters start: StaticString) {
    var octets = 0
    for declaration in declarations { octets += (declaration.name?.utf8.count ?? -1) + 1 }
    // Freed in deinit, and written by nobody else. A letter and its colon are two octets.
    unsafe names = .allocate(capacity: octets)
    unsafe entries = .allocate(capacity: declarations.count + 1)
    unsafe letters = .allocate(capacity: start.utf8CodeUnitCount + 2 * declarations.count + 1)
    var (name, entry, letter) = unsafe (names, entries, letters)
    for octet in start.description.utf8 { unsafe Self.append(octet, to: &letter) }
    for (index, declaration) in declarations.enumerated() {
      if let scalar = declaration.letter {
        unsafe Self.append(UInt8(truncatingIfNeeded: scalar.value), to: &letter)
        if declaration.takesValue { unsafe Self.append(UInt8(ascii: ":"), to: &letter) }
      }
      guard let text = declaration.name else { continue }
      unsafe entry.initialize(
        to: option(
          name: name, has_arg: declaration.takesValue ? 1 : 0, flag: nil,
          val: Self.firstCode + CInt(index)))
      unsafe entry += 1
      let octets = text.utf8.span
      for place in octets.indices { unsafe Self.append(octets[place], to: &name) }
      unsafe Self.append(0, to: &name)
    }
    unsafe entry.initialize(to: option())
    unsafe Self.append(0, to: &letter)
  }

  deinit {
    unsafe names.deallocate()
    unsafe entries.deallocate()
    unsafe letters.deallocate()
  }

  private static func append(_ octet: UInt8, to place: inout UnsafeMutablePointer<CChar>) {
    unsafe place.initialize(to: CChar(bitPattern: octet))
    unsafe place += 1
  }
}
