import CommandLineKit
import PacketText
import PacketWire
import ProbeEngine

/// The ICMP type that `--type` asks for: a number, or a name, which may stand for another number in each
/// family.
struct ProbeType: Hashable, Sendable {
  /// Its number in ICMP and in ICMPv6; `nil` where the name is not known there.
  private let v4, v6: UInt8?
  /// It was a number, which stands for itself in both families.
  private let isNumber: Bool

  /// What a message of a type asks.
  enum Meaning: Hashable, Sendable {
    case echo, timestamp, addressMask, information, node, interface
    /// Nothing that an answer is expected to.
    case nothing
  }

  init(argument text: String) throws(UsageError) {
    isNumber = text.utf8.first.map { (0x30...0x39).contains($0) } ?? false
    guard !isNumber else {
      let number = try NumberText.number(text, in: 0...UInt8.max)
      (v4, v6) = (number, number)
      return
    }
    (v4, v6) = (Self.number(of: text, .v4), Self.number(of: text, .v6))
    guard v4 != nil || v6 != nil else {
      throw UsageError(
        "\(UsageError.quoted(text)) is neither a number from 0 to 255 nor the name of an ICMP type, such as timestamp, address-mask or redirect"
      )
    }
  }

  /// The number on the wire; `nil` where a family has no such name.
  subscript(family: IPFamily) -> UInt8? { family == .v4 ? v4 : v6 }

  func meaning(_ family: IPFamily) -> Meaning {
    guard let number = self[family] else { return .nothing }
    if family == .v4 {
      return switch ICMPv4Header.MessageType(rawValue: number) {
      case .echoRequest: .echo
      case .timestampRequest: .timestamp
      case .addressMaskRequest: .addressMask
      case .informationRequest: .information
      case .extendedEchoRequest: .interface
      default: .nothing
      }
    }
    return switch ICMPv6Header.MessageType(rawValue: number) {
    case .echoRequest: .echo
    case .nodeInformationQuery: .node
    case .extendedEchoRequest: .interface
    default: .nothing
    }
  }

  /// It says that a packet could not be delivered, and nobody says so of that.
  func isError(_ family: IPFamily) -> Bool {
    guard let number = self[family] else { return false }
    return family == .v4
      ? ICMPv4Header.MessageType(rawValue: number).isError
      // A redirect counts as one here (RFC 4443 §2.4 (e.2)).
      : ICMPv6Header.MessageType(rawValue: number).isError || number == 137
  }

  /// The only family that it can be asked in, if that is so: a name that is known in one, and a number
  /// that has a name in one.
  var onlyFamily: IPFamily? {
    let (isInV4, isInV6) =
      isNumber ? (Self.name(v4, .v4) != nil, Self.name(v6, .v6) != nil) : (v4 != nil, v6 != nil)
    return isInV4 == isInV6 ? nil : isInV4 ? .v4 : .v6
  }

  /// `type 5 (redirect)`
  func text(_ family: IPFamily) -> String {
    guard let number = self[family] else { return "type" }
    return Self.name(number, family).map { "type \(number) (\($0))" } ?? "type \(number)"
  }
}

// MARK: - Names

extension ProbeType {
  /// Other tools' words for what has another name in the tables of IANA.
  private static let otherNames = [
    "mask": "addressmaskrequest", "maskrequest": "addressmaskrequest",
    "maskreply": "addressmaskreply", "unreachable": "destinationunreachable",
    "destunreach": "destinationunreachable", "nodeinformation": "whoareyourequest",
    "nodeinformationquery": "whoareyourequest", "nodeinformationreply": "whoareyoureply",
    "neighboursolicitation": "neighborsolicitation",
    "neighbouradvertisement": "neighboradvertisement",
  ]

  /// What a name can lack at its end.
  private static let ends = ["", "request", "query", "intransit"]

  /// What `text` stands for: capitals, blanks and hyphens do not count, and of a question and its answer
  /// the word alone is the question.
  private static func number(of text: String, _ family: IPFamily) -> UInt8? {
    let key = key(text)
    guard !key.isEmpty else { return nil }
    let full = otherNames[key] ?? key
    return ends.lazy.compactMap { end in
      (0...UInt8.max).first { name($0, family).map(Self.key) == full + end }
    }.first
  }

  private static func key(_ text: String) -> String {
    text.lowercased().filter { !" -_".contains($0) }
  }

  private static func name(_ number: UInt8?, _ family: IPFamily) -> String? {
    number.flatMap {
      family == .v4
        ? ICMPv4Header.MessageType(rawValue: $0).name : ICMPv6Header.MessageType(rawValue: $0).name
    }
  }
}
