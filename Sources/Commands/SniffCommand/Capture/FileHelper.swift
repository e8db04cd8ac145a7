import LinuxNet
import LinuxSystem

/// A process that keeps the rights of whoever started us, and opens files when it is asked to.
struct FileHelper: ~Copyable {
  private let process: HelperProcess
  /// What it does with a file, as an error says it.
  private let action: String

  /// Starts the process. `serve` runs there, for each question.
  init(toDo action: String, _ serve: ([UInt8]) -> HelperProcess.Answer) throws(SystemError) {
    process = try HelperProcess(named: "sniff-files", serve)
    self.action = action
  }

  /// What it answers when it has done what was asked; with a file, its descriptor.
  static func done(_ file: consuming Descriptor? = nil) -> HelperProcess.Answer {
    HelperProcess.Answer([1], descriptor: file)
  }

  /// What it answers when a file cannot be opened.
  static func failure(_ error: SystemError, at path: String) -> HelperProcess.Answer {
    HelperProcess.Answer([0, UInt8(clamping: error.errorNumber)] + Array(path.utf8))
  }

  /// Asks for a file.
  func open(_ question: [UInt8]) throws(SystemError) -> Descriptor {
    let answer = try ask(question)
    let octets = answer.octets
    guard let descriptor = answer.takeDescriptor() else { throw error(in: octets) }
    return descriptor
  }

  /// Asks, and waits until it is done.
  func ask(_ question: [UInt8]) throws(SystemError) -> HelperProcess.Answer {
    do throws(SystemError) {
      return try process.ask(question)
    } catch {
      guard error.isBrokenPipe else { throw error }
      throw SystemError(
        "\(action) the next file", errorNumber: error.errorNumber,
        remedy: "somebody has ended the helper process that does it")
    }
  }

  private func error(in octets: [UInt8]) -> SystemError {
    guard octets.count >= 2, octets[0] == 0 else {
      return SystemError("understand the helper process", errorNumber: 0)
    }
    return SystemError(
      action, on: String(decoding: octets.dropFirst(2), as: UTF8.self),
      errorNumber: CInt(octets[1]))
  }
}
