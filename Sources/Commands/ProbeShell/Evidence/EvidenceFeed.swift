public import LinuxSystem
public import ProbeEvidence

/// The events of a file, read as they are asked for.
public struct EvidenceFeed: ~Copyable {
  private let file: Descriptor
  private let path: String
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  /// What reads them: it knows the session, and what keeps the file from being read to its end.
  public private(set) var reader = EvidenceReader()

  /// Opens a file.
  public init(_ path: String) throws(SystemError) {
    file = try Descriptor.openForReading(path)
    self.path = path
  }

  /// The next event, past what was not sent; `nil` when there is none, or none that can be read: see
  /// `reader.problem`.
  public mutating func next() throws(SystemError) -> EvidenceEvent? {
    while let step = try nextStep() { if case .event(let event) = step { return event } }
    return nil
  }

  /// The next event or refusal; `nil` at the end.
  public mutating func nextStep() throws(SystemError) -> EvidenceReader.Step? {
    while true {
      let step = reader.next()
      switch step {
      case .event, .refused: return step
      case .end: return nil
      case .needMoreOctets:
        let count: Int?
        do throws(SystemError) {
          count = try file.read(into: &buffer)
        } catch {
          throw SystemError("read", on: path, errorNumber: error.errorNumber)
        }
        if let count, count > 0 {
          let octets = Array(buffer[..<count])
          reader.append(octets.span)
        } else {
          reader.finish()
        }
      }
    }
  }
}
