import Foundation

/// One frame as tshark decodes it: the columns that `captures/README.md` lists, by name.
public struct TruthRow: Sendable {
  let columns: [Substring: Int]
  let cells: [Substring]

  /// The cell of a column; empty where tshark gave no value, and several values joined with `|`.
  public subscript(column: String) -> String {
    guard let index = columns[Substring(column)], index < cells.count else { return "" }
    return String(cells[index])
  }

  /// tshark was asked for that column.
  public func has(_ column: String) -> Bool { columns[Substring(column)] != nil }

  /// `frame.number`.
  public var number: Int { Int(self["frame.number"]) ?? 0 }
}

extension SharedCapture {
  /// What tshark says of each frame, in order; empty when it could read nothing. Needs gzip.
  public func truth() throws -> [TruthRow] {
    guard let folder = SharedCaptures.folder, file.hasPrefix("pcap/") else { return [] }
    let path = folder.appending(path: "truth/\(file.dropFirst(5)).tsv.gz").path
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    guard let head = lines.first else { return [] }
    var columns: [Substring: Int] = [:]
    for (index, name) in head.split(separator: "\t").enumerated() { columns[name] = index }
    return lines.dropFirst().map {
      TruthRow(columns: columns, cells: $0.split(separator: "\t", omittingEmptySubsequences: false))
    }
  }
}
