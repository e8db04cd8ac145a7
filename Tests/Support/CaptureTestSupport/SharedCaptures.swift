public import Foundation

/// A line of MANIFEST.jsonl: a public capture and what other programs found in it.
public struct SharedCapture: Decodable, Sendable, CustomStringConvertible {
  /// The path below the folder of captures.
  public var file: String
  /// `pcap` or `pcapng`, byte order, and `-ns` for nanosecond files.
  public var format: String
  /// The different link types of the file, as the file has them.
  public var linktypes: [UInt32]
  /// Frames that tshark read.
  public var packets: Int
  /// 0 where tshark read the whole file.
  public var tsharkExit: Int32
  /// Packets that libpcap gave.
  public var packetsLibpcap: Int
  /// Empty where libpcap read the whole file.
  public var libpcapError: String

  private enum CodingKeys: String, CodingKey {
    case file, format, linktypes, packets
    case tsharkExit = "tshark_exit"
    case packetsLibpcap = "packets_libpcap"
    case libpcapError = "libpcap_error"
  }

  /// The path, for the names of test cases.
  public var description: String { file }
}

/// The folder of public captures that lies beside some checkouts.
public enum SharedCaptures {
  /// The folder's path.
  public static var path: String? { folder?.path }

  /// WIREWALK_CAPTURES, or `shared/captures` in a folder above this file; nil when there is none.
  public static let folder: URL? = {
    if let path = ProcessInfo.processInfo.environment["WIREWALK_CAPTURES"] {
      return URL(filePath: path)
    }
    var parent = URL(filePath: #filePath).deletingLastPathComponent()
    while parent.pathComponents.count > 1 {
      parent.deleteLastPathComponent()
      let candidate = parent.appending(path: "shared/captures")
      if FileManager.default.fileExists(atPath: candidate.appending(path: "MANIFEST.jsonl").path) {
        return candidate
      }
    }
    return nil
  }()

  /// Why a test of these captures is skipped.
  public static let absence =
    "no folder shared/captures above the checkout, and WIREWALK_CAPTURES is not set"

  /// All captures, empty when the folder is missing.
  public static func list() throws -> [SharedCapture] {
    guard let folder else { return [] }
    let manifest = try Data(contentsOf: folder.appending(path: "MANIFEST.jsonl"))
    let decoder = JSONDecoder()
    return try manifest.split(separator: UInt8(ascii: "\n")).map {
      try decoder.decode(SharedCapture.self, from: Data($0))
    }
  }
}

extension SharedCapture {
  /// The file's path.
  public var path: String {
    SharedCaptures.folder?.appending(path: file).path ?? file
  }

  /// The whole file.
  public func octets() throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }
}
