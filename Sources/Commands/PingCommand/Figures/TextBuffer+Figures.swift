import PacketText
import PacketWire

extension TextBuffer {
  /// Appends a delay in milliseconds, without the unit. A `DelayHistogram` knows the three digits that
  /// iputils prints, and no more.
  mutating func append(milliseconds delay: Nanoseconds) {
    if delay < .zero { append("-") }
    PingText.appendTime(Nanoseconds(Int64(clamping: delay.count.magnitude)), &self)
  }

  /// Appends a length of time in seconds, with the unit: `29.0 s`.
  mutating func append(seconds length: Nanoseconds) {
    append(length, in: .seconds, decimals: length < .seconds(1) ? 3 : 1)
    append(" s")
  }

  /// Appends a share of 0 to 1 as a percentage without the sign, with a decimal, or as many as two
  /// digits of a small one need: `1.2`, `0.034`, `0`, `100`.
  mutating func append(percent share: Double) {
    let percent = min(max(share, 0), 1) * 100
    if percent == 0 || percent == 100 { return append(decimal: Int(percent)) }
    var (decimals, scale) = (1, 10.0)
    while percent * scale < 9.5, decimals < 9 {
      decimals += 1
      scale *= 10
    }
    append(fixedPoint: Int64((percent * scale).rounded()), places: decimals)
  }

  /// Appends `p50`, or `p99.9`.
  mutating func append(percentile share: Double) {
    append("p")
    let tenths = Int64((share * 1_000).rounded())
    if tenths % 10 == 0 {
      append(decimal: tenths / 10)
    } else {
      append(fixedPoint: tenths, places: 1)
    }
  }

  /// Appends a count and what is counted: `1 hop`, `2 hops`.
  mutating func append(_ count: Int, _ name: StaticString) {
    append(decimal: count)
    append(" ")
    append(name)
    if count != 1 { append("s") }
  }
}
