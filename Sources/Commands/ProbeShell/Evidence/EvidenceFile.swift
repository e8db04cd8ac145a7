public import LinuxSystem

/// The file that `--record` names.
///
/// It is the user's choice, so it is made with the user's rights. Where this program has more than
/// those (file capabilities, set-user-ID), that is when it has given them up; where root has chosen it,
/// before, for afterwards root can write less than root may.
public struct EvidenceFile: ~Copyable {
  private let path: String?
  private var file: Descriptor?

  /// Makes the file, if there is to be one and if the rights that there are now are the user's.
  public init(_ path: String?) throws(SystemError) {
    self.path = path
    if !Privileges.isSecureExecution { try open() }
  }

  /// The same when there are no privileges any more.
  public mutating func open() throws(SystemError) {
    guard let path, file == nil else { return }
    file = try Descriptor.createPrivate(path)
  }

  /// The file; `nil` when there is to be none.
  public consuming func take() -> Descriptor? { file.take() }
}
