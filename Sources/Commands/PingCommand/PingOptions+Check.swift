import CommandLineKit
import LinuxSystem
import PacketWire

extension PingOptions {
  /// No datagram socket does this.
  var needsRaw: Bool {
    includesHeader || identifier == 0 || header.code ?? 0 != 0 || header.readsAnswers
      || question.isAsked || isUnanswered
  }

  /// What cannot be asked for, or not by this user.
  mutating func check(_ operands: [String]) throws {
    guard !operands.isEmpty || !targetFiles.isEmpty else {
      throw UsageError("no target is given")
    }
    try settleType(operands)
    try checkPaths()
    try checkQuestion()
    if family == .v4, payloadLength > 65_507 {
      throw UsageError("option '-s': an IPv4 packet has room for 65507 octets of payload")
    }
    guard origins.count <= 2 else {
      throw UsageError("option '-I': one interface and one address at the most")
    }
    try figures.check(self)
    try checkDiagnosis()
    try checkHardwareStamps()
    try evidence.check(self)
    try header.apply(to: &self)
    isPrivileged = try Privileges.holds(.netRaw)
    if !isPrivileged { try checkOrdinary(operands) }
  }

  /// What cannot be asked of so many targets.
  func check(targets count: Int) throws(UsageError) {
    if paths.searchesMTU, count > 1 { throw UsageError("option '--mtu-search' takes one target") }
    if let needed, needed > count {
      throw UsageError("option '--need': \(needed) of \(count) targets can never answer")
    }
    try figures.check(targetCount: count)
  }

  /// iputils' rules for ordinary users, and fping's: who has no rights puts no load on the network.
  private func checkOrdinary(_ operands: [String]) throws(UsageError) {
    if let givenInterval, givenInterval < .milliseconds(2) {
      throw UsageError("option '-i': intervals under 0.002 seconds are for root only")
    }
    if isFlood, givenInterval == nil { throw UsageError("option '-f': a flood is for root only") }
    if preload > 3 { throw UsageError("option '-l': more than 3 at once is for root only") }
    if let givenGap, givenGap < .milliseconds(1) {
      throw UsageError("option '--gap': less than 0.001 seconds is for root only")
    }
  }
}
