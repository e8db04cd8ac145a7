import CommandLineKit
import LinuxNet
import PacketWire
import ProbeEngine

/// What compares probes of several sizes, or several ways.
struct PathOptions: Hashable, Sendable {
  /// Payload lengths to go through.
  var sizes: PingSession.PayloadSweep?
  /// How many ways to each target.
  var flows = 1

  /// Look for the path MTU instead of pinging.
  var searchesMTU = false

  /// More flows say nothing more; routers have some sixteen ways.
  static let largestFlowCount = 64

  /// `MIN-MAX` or `MIN-MAX:STEP`.
  static func sizes(_ text: String) throws(UsageError) -> PingSession.PayloadSweep {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let ends = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2, let low = size(ends[0]), let high = size(ends[1]), low <= high,
      let step = parts.count == 1 ? 1 : size(parts[1]), step > 0
    else {
      throw UsageError(
        "\(UsageError.quoted(text)) is no range of sizes, such as 16-1472 or 100-1500:100, up to 65527"
      )
    }
    return PingSession.PayloadSweep(low...high, step: step)
  }

  private static func size(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let size = Int(text), size <= 65_527
    else { return nil }
    return size
  }
}

extension PingOptions {
  /// What cannot be said together, and what follows.
  mutating func checkPaths() throws(UsageError) {
    if paths.searchesMTU { try checkMTUSearch() }
    if let sizes = paths.sizes {
      guard !asks, !question.isAsked, payloadLength == Self.usualPayloadLength else {
        throw UsageError("option '--sizes' goes with neither -s nor a sweep nor a question")
      }
      payloadLength = sizes.lengths.upperBound
      // Once through, if nothing else is said.
      if count == nil, deadline == nil { count = sizes.count }
    }
    guard paths.flows > 1 else { return }
    guard !asks, !question.isAsked else {
      throw UsageError("option '--flows' goes with neither a sweep nor a question")
    }
    let shortest = paths.sizes?.lengths.lowerBound ?? payloadLength
    guard shortest >= EchoRequest.balancedLength else {
      throw UsageError(
        "option '--flows': payloads under \(EchoRequest.balancedLength) octets have no room for what keeps a flow together"
      )
    }
  }

  /// A search chooses sizes, times and counts itself.
  private mutating func checkMTUSearch() throws(UsageError) {
    let plain = PingOptions()
    guard pathMTU == nil, payloadLength == Self.usualPayloadLength, !asks, !question.isAsked,
      paths.sizes == nil, paths.flows == 1, !includesHeader, count == nil, deadline == nil,
      givenInterval == nil, givenTimeout == nil, !isFlood, !isAdaptive, !isQuiet,
      preload == plain.preload
    else {
      throw UsageError(
        "option '--mtu-search' chooses sizes, times and counts itself: leave -M, -s, -c, -i, -w, -W, -f and the like away"
      )
    }
    pathMTU = .probe
    payloadLength = family == .v6 ? 65_487 : 65_507
  }

  static func sayPaths(_ options: inout OptionWalk<PingOptions>) {
    options.group("Sizes and ways")
    options.text(
      nil, "sizes", "MIN-MAX[:STEP]",
      help: "go through these payload sizes and say which were answered; once, without -c or -w"
    ) { options, value throws(UsageError) in
      options.paths.sizes = try PathOptions.sizes(value)
    }
    options.integer(
      nil, "flows", "COUNT", in: 1...PathOptions.largestFlowCount,
      help: "probe each target along COUNT flows side by side, and compare their delays and losses"
    ) { $0.paths.flows = $1 }
    options.flag(
      nil, "mtu-search",
      help: "find the largest packet that passes unfragmented, whether routers help or not"
    ) { $0.paths.searchesMTU = true }
    sayDiagnosis(&options)
  }
}
