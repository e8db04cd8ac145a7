public import LinuxSystem
public import PacketWire
public import ServiceEngine

/// The files of a folder, as a web server shows them.
///
/// Nothing outside of the folder can be had, whatever path or symbolic link leads there, and no name
/// that begins with a dot, such as `.git` and `.ssh` (but for `.well-known`, RFC 8615).
public final class FolderContent: HTTPContent {
  /// So many names are listed.
  private static let longestListing = 5000

  private let tree: FolderTree

  /// What is below the folder at `path`.
  public init(_ path: String) throws(SystemError) { tree = try FolderTree(path) }

  /// Answers with a file, or with a folder's `index.html` or a list of what is in it.
  public func answer(_ request: HTTPRequest, on _: ConnectionID, at _: WallInstant) -> HTTPAnswer {
    guard request.method == "GET" || request.method == "HEAD" else {
      return .status(.methodNotAllowed, [("Allow", "GET, HEAD")])
    }
    guard request.path.segments.allSatisfy(Self.isShown) else { return .status(.notFound) }
    do throws(SystemError) {
      return try find(request)
    } catch {
      return .status(error.isPermission ? .forbidden : .serviceUnavailable)
    }
  }

  private static func isShown(_ name: String) -> Bool {
    !name.hasPrefix(".") || name == ".well-known"
  }

  private func find(_ request: HTTPRequest) throws(SystemError) -> HTTPAnswer {
    let path = request.path
    let relative = path.segments.isEmpty ? "." : path.segments.joined(separator: "/")
    guard let file = try tree.open(relative) else { return .status(.notFound) }
    guard file.isFolder else {
      return path.isFolder ? .status(.notFound) : resource(file, named: path.segments.last ?? "")
    }
    guard path.isFolder else {
      var folder = path
      folder.isFolder = true
      return .redirect(to: folder.encoded + (request.query.map { "?" + $0 } ?? ""))
    }
    if let index = try tree.open(relative + "/index.html"), !index.isFolder {
      return resource(index, named: "index.html")
    }
    let entries = try file.entries(atMost: Self.longestListing)
    return .message(
      FolderListing.page(
        of: path, entries.filter { Self.isShown($0.name) },
        isCutOff: entries.count == Self.longestListing))
  }

  private func resource(_ file: consuming OpenFile, named name: String) -> HTTPAnswer {
    // A file that is written anew or replaced has another length, time or number.
    let tag = [UInt64(bitPattern: file.modified.nanoseconds), UInt64(file.length), file.number]
      .map { String($0, radix: 16) }.joined(separator: "-")
    return .resource(
      HTTPResource(
        type: MediaType.ofFile(named: name), length: file.length, lastModified: file.modified,
        entityTag: tag, body: FileBody(file)))
  }
}

/// The octets of an open file.
private final class FileBody: HTTPBody {
  private let file: OpenFile

  init(_ file: consuming OpenFile) { self.file = file }

  func read(from offset: Int, atMost count: Int) -> [UInt8]? {
    guard let octets = try? file.read(from: offset, atMost: count), !octets.isEmpty else {
      return nil
    }
    return octets
  }
}
