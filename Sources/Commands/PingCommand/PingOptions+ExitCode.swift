import ProbeEngine

extension PingOptions {
  /// What a session ends with: 0 if as many have answered as were to, else 1. Where no answer is expected,
  /// 0 if something was sent and no error came.
  func exitCode(_ session: borrowing PingSession, targets: Int) -> CInt {
    guard !isUnanswered else {
      return session.total.transmitted > 0 && session.total.errors == 0 ? 0 : 1
    }
    guard targets == 1 else { return session.aliveCount >= (needed ?? targets) ? 0 : 1 }
    let summary = session.total
    if deadline != nil, let count, summary.received < count { return 1 }
    return summary.received > 0 ? 0 : 1
  }
}
