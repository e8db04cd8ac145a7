import CommandLineKit
import LinuxNet

/// Values of options that no other tool has.
enum PingArguments {
  /// One to sixteen octets in hexadecimal, two digits each; a last digit alone is an octet of its own, as
  /// iputils reads it.
  static func pattern(_ text: String) throws(UsageError) -> [UInt8] {
    let digits = Array(text.utf8)
    var octets: [UInt8] = []
    for start in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[start..<min(start + 2, digits.count)], as: UTF8.self)
      guard pair.utf8.allSatisfy({ isHexDigit($0) }), let octet = UInt8(pair, radix: 16) else {
        octets = []
        break
      }
      octets.append(octet)
    }
    guard (1...16).contains(octets.count) else {
      throw UsageError(
        "\(UsageError.quoted(text)) is not a pattern of 1 to 16 octets in hexadecimal, such as ff00"
      )
    }
    return octets
  }

  private static func isHexDigit(_ octet: UInt8) -> Bool {
    switch octet {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }

  /// What `-M` can say, in iputils' words.
  static func pathMTU(_ text: String) throws(UsageError) -> MessageSocket.PathMTUDiscovery {
    switch text {
    case "do": return .refuseLarger
    case "want": return .fragmentAsNeeded
    case "dont": return .off
    case "probe": return .probe
    default:
      throw UsageError("\(UsageError.quoted(text)) is none of do, want, probe and dont")
    }
  }
}
