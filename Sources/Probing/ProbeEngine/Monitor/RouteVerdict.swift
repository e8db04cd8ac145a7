/// What the losses of a path's hops mean together.
///
/// A router answers probes whose TTL runs out at its leisure, and most limit how many they answer; it forwards
/// all the same. So a hop's loss counts only as far as it goes on to the hops behind it. Shares are compared by
/// Wilson's intervals: what chance can make of a few probes is not told.
public struct RouteVerdict: Hashable, Sendable {
  /// What a hop's loss is.
  public enum HopLoss: Hashable, Sendable {
    /// There is none.
    case none
    /// So little, or of so few probes, that it tells nothing.
    case little
    /// The router's own: what it forwards arrives, so it answers some probes only (RFC 1812 §4.3.2.8).
    case own
    /// It goes on to the target.
    case real
    /// More probes will tell which of these.
    case unclear
    /// Nobody has ever answered.
    case silent
  }

  /// What can be said of the path.
  public enum Finding: Hashable, Sendable {
    /// No round is settled yet.
    case nothingYet
    /// All is well.
    case noLoss
    /// The target loses probes: on the way to or from the first of these hops at the earliest, and of the
    /// second at the latest.
    case loss(from: Int, to: Int)
    /// The target has never answered; the last hop that has is this one.
    case unreached(last: Int?)
  }

  /// By TTL, from the first hop on.
  public let hops: [HopLoss]
  /// Of the path.
  public let finding: Finding
  /// The target's own, of rounds.
  public let target: LossInterval

  /// Less than this share is not told as loss, even where many probes say so.
  public static let leastShare = 0.005

  /// A verdict over hops in order, from TTL `first` on; the last one is the target's, if it was reached.
  public init(hops: [RouteHop], first: Int, target: LossInterval, isReached: Bool) {
    self.target = target
    let losses = hops.map { $0.answered > 0 ? $0.loss : nil }
    if !isReached {
      finding =
        target.sent == 0
        ? .nothingYet : .unreached(last: losses.lastIndex { $0 != nil }.map { $0 + first })
    } else if !Self.isLoss(target) {
      finding = .noLoss
    } else {
      finding = Self.whereLossBegins(losses, first: first, target)
    }
    var kinds: [HopLoss] = []
    for (place, loss) in losses.enumerated() {
      let behind =
        losses[(place + 1)...].compactMap { $0 }
        + (isReached && place + 1 < losses.count ? [target] : [])
      kinds.append(Self.kind(loss, behind: behind, place + first, finding))
    }
    self.hops = kinds
  }

  /// At least two were lost, and hardly by chance.
  static func isLoss(_ loss: LossInterval) -> Bool { loss.lost >= 2 && loss.lower >= leastShare }

  private static func kind(
    _ loss: LossInterval?, behind: [LossInterval], _ timeToLive: Int, _ finding: Finding
  ) -> HopLoss {
    guard let loss else { return .silent }
    if loss.lost == 0 { return .none }
    guard isLoss(loss) else { return .little }
    // Whatever arrives behind it has passed it.
    if behind.contains(where: { $0.upper < loss.lower }) { return .own }
    if case .loss(_, let end) = finding, timeToLive >= end { return .real }
    return .unclear
  }

  /// Hops whose loss is surely less than the target's lie before the place, those that have it too behind it.
  private static func whereLossBegins(
    _ losses: [LossInterval?], first: Int, _ target: LossInterval
  ) -> Finding {
    let before = losses.lastIndex { $0.map { $0.upper < target.lower } ?? false }
    // The target is the last of them.
    var end = max(losses.count - 1, 0)
    for place in losses.indices.reversed() where place > before ?? -1 {
      guard let loss = losses[place] else { continue }
      // One that loses more than what is behind it limits its answers, and tells nothing of what it forwards.
      let isOwn = losses[(place + 1)...].contains { $0.map { $0.upper < loss.lower } ?? false }
      if isOwn { continue }
      guard isLoss(loss) || place == losses.count - 1 else { break }
      end = place
    }
    return .loss(from: (before.map { $0 + 1 } ?? 0) + first, to: end + first)
  }
}
