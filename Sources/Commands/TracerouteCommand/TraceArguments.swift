import CommandLineKit
import PacketText
import PacketWire
import ProbeEngine

/// Values of options, read and checked.
enum TraceArguments {
  static func address(_ text: String) throws(UsageError) -> IPAddress {
    guard let address = IPAddress(text) else {
      throw UsageError("\(UsageError.quoted(text)) is no address; `ip address` lists this host's")
    }
    return address
  }

  /// Routers of a source route. IPv6 has none any more (RFC 5095).
  static func gateways(_ text: String) throws(UsageError) -> [IPv4Address] {
    var gateways: [IPv4Address] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard case .v4(let address)? = IPAddress(String(word)) else {
        throw UsageError("\(UsageError.quoted(String(word))) is no IPv4 address")
      }
      gateways.append(address)
    }
    return gateways
  }

  static func kind(_ text: String) throws(UsageError) -> ProbeKind {
    if text == "default" { return .udp }
    guard let kind = ProbeKind(rawValue: text) else {
      let names = ProbeKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("\(UsageError.quoted(text)) is none of \(names)")
    }
    return kind
  }

  /// Reads `MAX`, `MAX,HERE` or `MAX,HERE,NEAR`.
  static func wait(_ text: String) throws(UsageError) -> TraceWait {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
    guard parts.count <= 3 else {
      throw UsageError("\(UsageError.quoted(text)) is not MAX, or MAX,HERE,NEAR, such as 5,3,10")
    }
    var wait = TraceWait()
    wait.maximum = try NumberText.seconds(parts[0], in: .milliseconds(1) ... .seconds(86_400))
    if parts.count > 1 { wait.hereFactor = try NumberText.decimal(parts[1], in: 0...1_000_000) }
    if parts.count > 2 { wait.nearFactor = try NumberText.decimal(parts[2], in: 0...1_000_000) }
    return wait
  }

  /// As Linux traceroute reads it: more than 10 are milliseconds.
  static func sendWait(_ text: String) throws(UsageError) -> Nanoseconds {
    let wait = try NumberText.seconds(text, in: .zero ... .seconds(1_000_000))
    return wait > .seconds(10) ? Nanoseconds(wait.count / 1_000) : wait
  }

  /// A protocol by its number or, in lower case, its name.
  static func ipProtocol(_ text: String) throws(UsageError) -> IPProtocol {
    if let number = UInt8(text) { return IPProtocol(rawValue: number) }
    let named = (0...UInt8.max).lazy.map { IPProtocol(rawValue: $0) }
      .first { $0.name?.lowercased() == text.lowercased() }
    guard let named else {
      throw UsageError("\(UsageError.quoted(text)) is no IP protocol, such as 47 or gre")
    }
    return named
  }
}
