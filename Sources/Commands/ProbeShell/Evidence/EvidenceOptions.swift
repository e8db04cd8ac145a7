/// What the command line says about packets as evidence.
public struct EvidenceOptions: Hashable, Sendable {
  /// Show the first probe and the first packets that come back, field by field.
  public var explains = false
  /// Write the session's packets to this file.
  public var recordPath: String?
  /// Read them from this file, instead of sending any.
  public var replayPath: String?

  /// Compare two such files.
  public var compares = false

  /// Packets are wanted as they are, and not only what they mean.
  public var keepsPackets: Bool { explains || recordPath != nil }

  /// Nothing of the kind.
  public init() {}
}
