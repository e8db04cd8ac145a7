import PacketText
import PacketWire
import ProbeEngine

/// Maps of what was changed in payloads, for lines that are printed a little later (`-v`).
///
/// A class: the printer computes a map when an answer comes, and the line that it belongs to can wait
/// for a name.
final class DamageMaps {
  private let channels: [EchoChannel]
  private let targets: PingTargets
  private var maps: [UInt64: String] = [:]

  /// Payloads that these channels read.
  init(_ channels: [EchoChannel], _ targets: PingTargets) {
    (self.channels, self.targets) = (channels, targets)
    for channel in channels { channel.keepsDamaged = true }
  }

  /// Takes in the answer that came just now.
  func take(_ report: PingReport) {
    guard case .reply(let answer) = report, answer.reply.damage != nil else { return }
    let target = targets.targets[answer.probe.target]
    let channel = channels.first { $0.request.family == target.address.family }
    guard let channel, let seen = channel.damaged else { return }
    let length = answer.missingOctets + answer.reply.length - ICMPv4Header.length
    let sent = channel.message(of: answer.probe, to: target, length: max(0, length))
    maps[answer.probe.serial] = Self.text(
      expected: sent.span.extracting(droppingFirst: min(ICMPv4Header.length, sent.count)),
      seen: seen.span)
  }

  private static func text(expected: Span<UInt8>, seen: Span<UInt8>) -> String {
    var text = TextBuffer()
    let map = PayloadMap()
    text.newline()
    map.sentence(PayloadDamage(expected: expected, seen: seen), &text)
    text.newline()
    map.map(expected: expected, seen: seen, &text)
    return String(text.string.dropLast())
  }

  /// Appends the map that belongs to a report, on lines of its own; the last one is not ended.
  func append(_ report: PingReport, _ text: inout TextBuffer) {
    guard case .reply(let answer) = report, answer.reply.damage != nil,
      let map = maps.removeValue(forKey: answer.probe.serial)
    else { return }
    text.append(map)
  }
}
