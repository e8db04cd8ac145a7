import FlowAnalysis
import PacketWire

/// The name of a file for something that a server named: letters, digits and a few marks, never
/// hidden, never an option, never a way out of its folder, and not too long.
struct ObjectName: Hashable {
  /// Without what begins at the last dot, and that.
  let stem: String
  let suffix: String

  /// Octets of a name; what is added to tell names apart comes on top.
  private static let maximumStem = 80, maximumSuffix = 16

  /// The name for a request's target (RFC 9112 §3.2). Where that has no ending, `contentType` gives it
  /// one.
  init(_ target: UntrustedText?, contentType: UntrustedText?, isRequest: Bool) {
    let safe = Self.safe(Self.lastPart(of: target?.octets ?? []))
    let hasSuffix = safe.utf8.contains(0x2e)
    let whole =
      (safe.isEmpty ? "index" : safe) + (hasSuffix ? "" : Self.suffix(for: contentType))
    let dot = whole.utf8.lastIndex(of: 0x2e)
    var (stem, suffix) = (whole[...], whole[whole.endIndex...])
    if let dot, dot > whole.startIndex,
      whole.utf8.distance(from: dot, to: whole.endIndex) <= Self.maximumSuffix
    {
      (stem, suffix) = (whole[..<dot], whole[dot...])
    }
    self.stem = String(stem.prefix(Self.maximumStem))
    self.suffix = String(suffix) + (isRequest ? ".request" : "")
  }

  /// The name for what one end of a conversation said: `tcp-3-192.0.2.1.40000-198.51.100.7.80`, with the
  /// colons of IPv6 as underscores, because a colon makes scp and rsync look for a host.
  init(
    stream: Int, from source: (address: IPAddress, port: UInt16),
    to destination: (address: IPAddress, port: UInt16)
  ) {
    let ends =
      "\(source.address).\(source.port)-\(destination.address).\(destination.port)"
    (stem, suffix) = ("tcp-\(stream)-" + Self.safe(Array(ends.utf8)), "")
  }

  /// The name for the `number`th file that would have it, from 1.
  func numbered(_ number: Int) -> String {
    number == 1 ? stem + suffix : "\(stem)-\(number)\(suffix)"
  }

  /// The last part of the path, without query and fragment, percent-encoding undone once.
  private static func lastPart(of target: [UInt8]) -> [UInt8] {
    let path = target.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    let isWhole = path.starts(with: "http://".utf8) || path.starts(with: "https://".utf8)
    let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    // Of a URL the part behind "//" is the host.
    guard let last = parts.last, !isWhole || parts.count > 3 else { return [] }
    var octets: [UInt8] = []
    var rest = last
    while let octet = rest.popFirst() {
      if octet == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        octets.append(value)
        rest = rest.dropFirst(2)
      } else {
        octets.append(octet)
      }
    }
    return octets
  }

  /// Only what means nothing to any shell or file system stays.
  private static func safe(_ octets: [UInt8]) -> String {
    var name = octets.prefix(maximumStem + maximumSuffix).map { octet -> UInt8 in
      switch octet {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2e, 0x2d, 0x5f: octet
      default: 0x5f
      }
    }
    // No hidden file, and no option.
    if let first = name.first, first == 0x2e || first == 0x2d { name[0] = 0x5f }
    return String(decoding: name, as: UTF8.self)
  }

  private static func suffix(for contentType: UntrustedText?) -> String {
    let type = (contentType?.octets ?? []).prefix { $0 != 0x3b && $0 != 0x20 }
    return switch String(decoding: type, as: UTF8.self).lowercased() {
    case "text/html": ".html"
    case "text/css": ".css"
    case "text/plain": ".txt"
    case "text/javascript", "application/javascript": ".js"
    case "application/json": ".json"
    case "image/png": ".png"
    case "image/jpeg": ".jpeg"
    case "image/svg+xml": ".svg"
    default: ""
    }
  }
}
