/// How much loss the probes of a run tell of: the share that was lost, and between which shares the
/// true one lies with 95 % confidence.
///
/// The score interval of E. B. Wilson (Probable Inference, the Law of Succession, and Statistical
/// Inference, JASA 22, 1927), without a correction for continuity. It never leaves 0 to 1, and says
/// something for 0 of n and n of n too, where the interval of the textbooks has no width. Like any
/// such interval it takes losses to be independent: where they come in bursts the truth can lie
/// further off.
public struct LossInterval: Hashable, Sendable {
  /// Probes that were lost.
  public let lost: Int
  /// Probes in all.
  public let sent: Int
  /// The least share, 0 to 1, that the run leaves likely; exactly 0 where nothing was lost.
  public let lower: Double
  /// The largest one; exactly 1 where everything was lost.
  public let upper: Double

  /// The 97.5 % point of the normal distribution: 2.5 % are beyond it on either side.
  static let normalQuantile = 1.959963984540054

  /// The interval for `lost` of `sent` probes; of nothing sent, all from 0 to 1. `lost` is held
  /// within 0 to `sent`.
  public init(lost: Int, of sent: Int) {
    self.sent = max(sent, 0)
    self.lost = min(max(lost, 0), self.sent)
    guard self.sent > 0 else {
      (lower, upper) = (0, 1)
      return
    }
    let (n, x) = (Double(self.sent), Double(self.lost))
    let square = Self.normalQuantile * Self.normalQuantile
    let middle = 2 * x + square
    let spread = Self.normalQuantile * (square + 4 * x * (n - x) / n).squareRoot()
    let scale = 2 * (n + square)
    // At the ends the two terms are the same number, and rounding must not say otherwise.
    lower = self.lost == 0 ? 0 : (middle - spread) / scale
    upper = self.lost == self.sent ? 1 : (middle + spread) / scale
  }

  /// The share that was lost, 0 to 1; 0 where nothing was sent.
  public var ratio: Double { sent == 0 ? 0 : Double(lost) / Double(sent) }
}
