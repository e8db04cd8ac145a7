import Glibc

/// A terminal whose keys are read as they are pressed, and not shown: without lines and without an
/// echo. Control-C and Control-Z are signals as always. Whoever holds this gives the terminal back as it
/// was when it goes.
///
/// The corresponding C calls are `tcgetattr` and `tcsetattr`.
public struct KeyInput: ~Copyable {
  private let descriptor: CInt
  private let before: termios

  /// Takes over the terminal behind an open descriptor, which stays the caller's.
  public init(from descriptor: CInt) throws(SystemError) {
    var settings = termios()
    _ = try systemCall("read the settings of the terminal") {
      // A plain value, borrowed for the call only.
      unsafe tcgetattr(descriptor, &settings)
    }
    try Self.takeOver(descriptor, settings)
    self.descriptor = descriptor
    before = settings
  }

  /// Poll this for reading.
  public var descriptorNumber: CInt { descriptor }

  /// Takes the terminal over again after `giveBack()`.
  public func takeOver() throws(SystemError) { try Self.takeOver(descriptor, before) }

  private static func takeOver(_ descriptor: CInt, _ before: termios) throws(SystemError) {
    var settings = before
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    // A read takes what there is and does not wait (termios(3), VMIN and VTIME of 0).
    unsafe withUnsafeMutableBytes(of: &settings.c_cc) { characters in
      unsafe characters[Int(VMIN)] = 0
      unsafe characters[Int(VTIME)] = 0
    }
    try set(settings, of: descriptor)
  }

  /// Makes the terminal what it was.
  public func giveBack() throws(SystemError) { try Self.set(before, of: descriptor) }

  private static func set(_ settings: termios, of descriptor: CInt) throws(SystemError) {
    var settings = settings
    _ = try systemCall("change the settings of the terminal") {
      // A plain value, borrowed for the call only.
      unsafe tcsetattr(descriptor, TCSADRAIN, &settings)
    }
  }

  /// The octets of the keys that were pressed; empty when it was polled and nothing is there, which
  /// means that the terminal is gone.
  public func read() throws(SystemError) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: 64)
    let count = octets.count
    let descriptor = descriptor
    let length = try systemCall("read keys from the terminal") {
      // The kernel writes at most `count` octets.
      unsafe Glibc::read(descriptor, &octets, count)
    }
    return Array(octets.prefix(Int(length)))
  }

  deinit { try? giveBack() }
}
