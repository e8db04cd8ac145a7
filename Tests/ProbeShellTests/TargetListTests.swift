import CommandLineKit
import LineFormat
import LinuxNet
import NameResolution
import PacketTestSupport
import PacketWire
import Testing

@testable import ProbeShell

@Suite("Lists of targets")
struct TargetListTests {
  /// What a reader made of a text, and what it reported.
  struct Outcome {
    var targets: [ListedTarget] = []
    var failures: [TargetFailure] = []
    var names: [String] { targets.map(\.name) }
    var addresses: [String] { targets.map { $0.endpoint.addressText } }
  }

  /// Knows `two.test` with two addresses of each family, and the scope `%eth0`, which is 7.
  static func resolve(
    _ host: String, _ family: IPFamily?
  ) throws(ResolutionError) -> [Endpoint] {
    var found: [Endpoint] = []
    if host == "two.test" {
      found = ["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"].compactMap {
        IPAddress($0).map { Endpoint($0) }
      }
    } else if host.hasSuffix("%eth0"), let address = IPAddress(String(host.dropLast(5))) {
      found = [Endpoint(address, scope: 7)]
    }
    found = found.filter { family == nil || $0.address.family == family }
    if found.isEmpty { throw ResolutionError(host: host, code: -2) }
    return found
  }

  static func read(
    family: IPFamily? = nil, all: Bool = false, _ body: (inout TargetReader) throws -> Void
  ) rethrows -> Outcome {
    var outcome = Outcome()
    var list = TargetList()
    var failures: [TargetFailure] = []
    try withoutActuallyEscaping({ failures.append($0) } as (TargetFailure) -> Void) { report in
      var reader = TargetReader(
        family: family, takesAllAddresses: all, resolve: Self.resolve, report: report)
      try body(&reader)
      list = reader.list
      #expect(reader.failures == failures.count)
    }
    (outcome.targets, outcome.failures) = (Array(list), failures)
    #expect(list.count == outcome.targets.count)
    #expect(list.indices.map { list[$0] } == outcome.targets)
    return outcome
  }

  static func read(_ operand: String) throws -> [String] {
    try read { try $0.add(operand: operand) }.addresses
  }

  @Test(
    "what a word means",
    arguments: [
      ("192.0.2.1", ["192.0.2.1"]), ("::1", ["::1"]),
      ("192.0.2.6/30", ["192.0.2.5", "192.0.2.6"]),
      ("192.0.2.5/31", ["192.0.2.4", "192.0.2.5"]), ("192.0.2.5/32", ["192.0.2.5"]),
      ("2001:db8::5/127", ["2001:db8::4", "2001:db8::5"]),
      ("2001:db8::5/126", ["2001:db8::4", "2001:db8::5", "2001:db8::6", "2001:db8::7"]),
      ("2001:db8::5/128", ["2001:db8::5"]), ("fe80::%eth0/127", ["fe80::%7", "fe80::1%7"]),
      ("192.0.2.254-192.0.3.1", ["192.0.2.254", "192.0.2.255", "192.0.3.0", "192.0.3.1"]),
      ("192.0.2.8-9", ["192.0.2.8", "192.0.2.9"]), ("192.0.2.8-8", ["192.0.2.8"]),
      ("2001:db8::f-10", ["2001:db8::f", "2001:db8::10"]),
      ("2001:db8::ffff-2001:db8::1:0", ["2001:db8::ffff", "2001:db8::1:0"]),
      ("255.255.255.254-255.255.255.255", ["255.255.255.254", "255.255.255.255"]),
      ("fe80::1%eth0", ["fe80::1%7"]), ("two.test", ["2001:db8::1"]),
    ])
  func words(word: String, expected: [String]) throws {
    let outcome = try Self.read { try $0.add(operand: word) }
    #expect(outcome.addresses == expected)
    // A prefix or a range is nobody's name.
    let isName = !word.contains { "/-".contains($0) }
    #expect(outcome.names == (isName ? [word] : expected))
  }

  @Test(
    "how many addresses a long prefix means", arguments: [(24, 254), (16, 65_534), (10, 4_194_302)])
  func counts(length: Int, expected: Int) throws {
    var reader = TargetReader(family: nil, resolve: Self.resolve) { _ in }
    try reader.add(operand: "10.64.0.0/\(length)")
    #expect(reader.list.count == expected)
    #expect(reader.list.first?.name == "10.64.0.1")
    #expect(reader.list[expected - 1].endpoint.address > IPAddress.v4(IPv4Address(10, 64, 0, 253)))
  }

  @Test(
    "what cannot be a target is a usage error that says where",
    arguments: [
      ("192.0.2.0/33", "expected a prefix length from 0 to 32"),
      ("192.0.2.0/", "expected a prefix length from 0 to 32"),
      ("2001:db8::/129", "expected a prefix length from 0 to 128"),
      ("192.0.2/24", "expected an address before the \"/\""),
      ("www.test/24", "expected an address before the \"/\""),
      ("192.0.2.0%eth0/24", "expected an address before the \"/\""),
      ("192.0.2.9-192.0.2.8", "expected the last address of the range"),
      ("192.0.2.9-256", "expected the last address of the range"),
      ("192.0.2.9-::9", "expected the last address of the range"),
      ("192.0.2.9-", "expected the last address of the range"),
    ])
  func refused(word: String, reason: String) throws {
    let error = try #require(throws: UsageError.self) { _ = try Self.read(word) }
    #expect(error.message.hasPrefix("target '\(word)': \(reason)"))
  }

  @Test(
    "more than a run has room for",
    arguments: [
      ("10.0.0.0/9", "means 8388606 targets"), ("::/0", "means 9223372036854775807 targets"),
      ("2001:db8::/64", "means"), ("0.0.0.0-255.255.255.255", "means 4294967296 targets"),
      ("::-ffff::", "means"),
    ])
  func tooMany(word: String, reason: String) throws {
    let error = try #require(throws: UsageError.self) { _ = try Self.read(word) }
    #expect(error.message.contains(reason) && error.message.contains("4194304"))
    #expect(error.message.hasSuffix("name a longer prefix, or make several runs"))
  }

  @Test func tooManyTogether() throws {
    var reader = TargetReader(family: nil, resolve: Self.resolve) { _ in }
    try reader.add(operand: "10.0.0.0/10")
    try reader.add(operand: "192.0.2.1")
    try reader.add(operand: "two.test")
    #expect(reader.list.count == TargetList.maximumCount)
    #expect(throws: UsageError.self) { try reader.add(operand: "two.test") }
    #expect(throws: UsageError.self) { try reader.add(operand: "192.0.2.2") }
    #expect(throws: UsageError.self) { try reader.add(operand: "::1") }
    #expect(reader.list.count == TargetList.maximumCount)
  }

  @Test("addresses that follow each other join, whatever stands between such groups")
  func order() throws {
    let words = [
      "192.0.2.1", "192.0.2.2", "192.0.2.3-5", "two.test", "192.0.2.6", "192.0.2.6", "192.0.2.5",
      "::1", "::2", "255.255.255.255", "0.0.0.0",
    ]
    let outcome = try Self.read { reader in for word in words { try reader.add(operand: word) } }
    #expect(
      outcome.names == [
        "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "two.test", "192.0.2.6",
        "192.0.2.6", "192.0.2.5", "::1", "::2", "255.255.255.255", "0.0.0.0",
      ])
  }

  @Test("names keep what was typed, and give one address or all")
  func names() throws {
    let one = try Self.read(family: .v4) { try $0.add(operand: "two.test") }
    #expect(one.names == ["two.test"] && one.addresses == ["192.0.2.1"])
    let all = try Self.read(all: true) { try $0.add(operand: "two.test") }
    #expect(all.addresses == ["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"])
    #expect(all.names == Array(repeating: "two.test", count: 4))
    #expect(all.targets.allSatisfy { !$0.isNumeric })
    let typed = try Self.read {
      for word in ["2001:DB8:0::1", "fe80::1%eth0", "::1", "192.0.2.1"] {
        try $0.add(operand: word)
      }
    }
    #expect(typed.targets.map(\.typed) == ["2001:DB8:0::1", "fe80::1%eth0", nil, nil])
    #expect(typed.targets.allSatisfy { $0.isNumeric })
  }

  @Test("an address of the wrong family is what the resolver says of it")
  func families() throws {
    let outcome = try Self.read(family: .v6) {
      try $0.add(operand: "192.0.2.1")
      try $0.add(operand: "192.0.2.0/24")
      try $0.add(operand: "::1")
    }
    #expect(outcome.names == ["::1"])
    #expect(outcome.failures.map(\.description).first?.hasPrefix("192.0.2.1: ") == true)
    #expect(outcome.failures.count == 2)
  }
}
