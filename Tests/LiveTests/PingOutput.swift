/// The lines of a ping, ours or iputils'.
struct PingOutput {
  struct Reply: Equatable {
    var octets: String
    var peer: String
    var sequenceNumber: Int
    var timeToLive: Int
  }

  var firstLine: String
  var replies: [Reply] = []
  /// In milliseconds.
  var times: [Double] = []
  var errors: [String] = []
  /// The lines behind the title of the statistics.
  var summary: [String] = []

  init(_ lines: [String]) {
    firstLine = lines.first ?? ""
    var isSummary = false
    for line in lines.dropFirst() where !line.isEmpty {
      if let found = line.wholeMatch(
        of: #/(\d+) bytes from (.+): icmp_seq=(\d+) ttl=(\d+) time=([\d.]+) ms/#)
      {
        replies.append(
          Reply(
            octets: String(found.1), peer: String(found.2), sequenceNumber: Int(found.3) ?? -1,
            timeToLive: Int(found.4) ?? -1))
        times.append(Double(found.5) ?? -1)
      } else if line.hasPrefix("From ") {
        errors.append(line)
      } else if line.hasPrefix("--- ") {
        isSummary = true
      } else if isSummary {
        summary.append(line)
      }
    }
  }

  /// The summary is what scripts read with expressions such as these.
  var hasParseableSummary: Bool {
    let count =
      #/\d+ packets transmitted, \d+ received(, \+\d+ \w+)*, [\d.]+% packet loss, time \d+ms/#
    let times = #/rtt min/avg/max/mdev = [\d.]+/[\d.]+/[\d.]+/[\d.]+ ms(, pipe \d+)?/#
    guard let first = summary.first, first.wholeMatch(of: count) != nil else { return false }
    guard let second = summary.dropFirst().first else { return replies.isEmpty }
    return second.wholeMatch(of: times) != nil || second.wholeMatch(of: #/pipe \d+/#) != nil
  }

  /// The summary without the numbers that no two runs share.
  var summaryShape: [String] {
    summary.map { $0.replacing(#/time \d+ms|= [\d./]+ ms|, pipe \d+/#, with: "") }
  }
}
