/// A file of countries that cannot be read, or a library that cannot be loaded for it.
public struct CountryFileError: Error, Hashable, Sendable {
  /// The file, or the library's name.
  public var path: String
  /// Why, in libmaxminddb's words where they are its own.
  public var reason: String
  /// What the user can do, as a full command where there is one.
  public var remedy: String?

  init(path: String, reason: String, remedy: String? = nil) {
    (self.path, self.reason, self.remedy) = (path, reason, remedy)
  }
}

extension CountryFileError: CustomStringConvertible {
  /// "cannot read PATH: REASON; REMEDY".
  public var description: String {
    "cannot read \(path): \(reason)" + (remedy.map { "; \($0)" } ?? "")
  }
}
