/// A command that was started, by this process or in its name.
public protocol StartedCommand: ~Copyable {
  /// Poll this for reading: it is ready once the command has ended.
  var descriptorNumber: CInt { get }
  /// Lets the program run, and returns once it does; throws why it cannot.
  mutating func release() throws(SystemError)
  /// How the command ended, or nil while it runs.
  mutating func reap() throws(SystemError) -> ProcessExit?
  /// Sends it a signal, unless it has ended.
  func signal(_ signal: Signal) throws(SystemError)
}

extension ChildProcess: StartedCommand {}
