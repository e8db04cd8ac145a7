/// Who captured, and with what: a Section Header Block (draft-ietf-opsawg-pcapng §4.1).
///
/// All text is as the file has it: hostile.
public struct CaptureSection: Hashable, Sendable {
  /// The machine (shb_hardware).
  public var hardware: String?
  /// Its operating system (shb_os).
  public var operatingSystem: String?
  /// The program that wrote the section (shb_userappl).
  public var application: String?
  /// What somebody noted about the section (opt_comment).
  public var comments: [String]

  /// A section as described by its parts.
  public init(
    hardware: String? = nil, operatingSystem: String? = nil, application: String? = nil,
    comments: [String] = []
  ) {
    (self.hardware, self.operatingSystem) = (hardware, operatingSystem)
    (self.application, self.comments) = (application, comments)
  }
}

/// Option codes of Section Header Blocks.
enum SectionOption {
  static let hardware: UInt16 = 2
  static let operatingSystem: UInt16 = 3
  static let application: UInt16 = 4
}
