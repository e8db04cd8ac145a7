import JSONTestSupport
import PacketTestSupport
import Testing

extension Live.Traceroute {
  /// Sixteen targets behind a tree of twelve routers, two to seven hops away.
  private enum Tree {
    private static let before = [0, 0, 0, 1, 1, 2, 3, 3, 5, 6, 6, 8]
    private static let routers = (1..<12).map {
      "router r\($0).test 198.18.10\($0 / 10).\($0 % 10 + 1) 2001:db8:18:\($0)::1 behind r\(before[$0]).test delay 1ms"
    }
    private static let sites = (0..<16).map {
      "site \($0 == 0 ? "www" : "s\($0)").test 203.0.113.\($0 + 10) 2001:db8:cb::\($0 + 10) behind r\($0 * 5 % 12).test delay 1ms"
    }
    static let lab =
      (["client laptop.test 198.18.0.2 2001:db8::2", "router r0.test 198.18.1.1 2001:db8:1::1"]
      + routers + sites).joined(separator: "\n")

    /// The way to a target, by the lab file.
    static func hops(to target: String) -> [String] {
      let isIPv4 = target.contains(".")
      let place = (isIPv4 ? v4 : v6).firstIndex(of: target) ?? 0
      var router = place * 5 % 12
      var hops = [target]
      while router > 0 {
        hops.append(
          isIPv4 ? "198.18.10\(router / 10).\(router % 10 + 1)" : "2001:db8:18:\(router)::1")
        router = before[router]
      }
      hops.append(isIPv4 ? "198.18.1.1" : "2001:db8:1::1")
      return hops.reversed().enumerated().map { "\($0 + 1) \($1)" }
    }

    static let v4 = (0..<16).map { "203.0.113.\($0 + 10)" }
    static let v6 = (0..<16).map { "2001:db8:cb::\($0 + 10)" }
  }

  /// Each trace of several: who was met hop by hop, and how many of them were taken over.
  private func ways(_ lines: [String]) -> [String: (hops: [String], known: Int)] {
    var ways: [String: (hops: [String], known: Int)] = [:]
    var target = ""
    for line in lines {
      let words = line.split(separator: " ").map { String($0) }
      guard words.count > 1 else { continue }
      if words[0] == "traceroute" {
        target = words[2]
        ways[target] = ([], 0)
        continue
      }
      ways[target]?.hops.append("\(words[0]) \(words[1])")
      if words.last == "<known>" {
        ways[target]?.known += 1
        // What was not measured has no time.
        #expect(!line.contains(" ms"))
      }
    }
    return ways
  }

  private func probes(_ errors: String) -> Int? {
    errors.firstMatch(of: #/: (\d+) probes in /#).flatMap { Int($0.1) }
  }

  @Test(
    "many targets: the hops that the lab file has, for each of them",
    arguments: [("", false), ("-I", false), ("-T", false), ("", true)])
  func many(method: String, asOrdinaryUser: Bool) throws {
    let prefix = asOrdinaryUser ? Shell.powerless : ""
    let all = Tree.v4 + (asOrdinaryUser ? [] : Tree.v6)
    let result = try LiveLab.inside(
      """
      printf '\(all.joined(separator: #"\n"#))' > $FOLDER/targets
      \(Shell.section("ours"))
      \(prefix) traceroute-swift -n \(method) --many $FOLDER/targets --rate 400
      \(Shell.section("whole"))
      \(prefix) traceroute-swift -n \(method) --many - --many-full --rate 400 < $FOLDER/targets
      """, topology: Tree.lab)
    #expect(result.code == 0)
    let ours = ways(try #require(result.sections["ours"]))
    let whole = ways(try #require(result.sections["whole"]))
    #expect(ours.count == all.count && whole.count == all.count)
    for target in all {
      #expect(ours[target]?.hops == Tree.hops(to: target))
      #expect(whole[target]?.hops == Tree.hops(to: target) && whole[target]?.known == 0)
    }
    #expect(ours.values.contains { $0.known > 1 })
    let lines = result.errors.split(separator: "\n").map { String($0) }
    try #require(lines.count == 2, "\(result.errors)")
    let (spared, full) = (try #require(probes(lines[0])), try #require(probes(lines[1])))
    #expect(full == all.reduce(0) { $0 + Tree.hops(to: $1).count })
    #expect(spared < full)
  }

  private static func text(_ value: StrictJSON?) -> String {
    switch value {
    case .string(let text), .number(let text): text
    default: "none"
    }
  }

  @Test("many targets as events: each tells which trace it is of, and whose hops it has taken over")
  func manyEvents() throws {
    let result = try LiveLab.inside(
      """
      printf '\(Tree.v4.joined(separator: #"\n"#))' |
        traceroute-swift --json -n -I --many - --rate 400
      """, topology: Tree.lab)
    #expect(result.code == 0 && result.errors == "")
    let events = try result.lines.map { try StrictJSON($0) }
    let traces = Dictionary(grouping: events.dropLast()) { Self.text($0["index"]) }
    #expect(traces.count == 16)
    for trace in traces.values {
      #expect(trace.first?["event"] == .string("trace.start"))
      #expect(trace.last?["event"] == .string("trace.end"))
      #expect(trace.last?["reached"] == .bool(true))
      #expect(Set(trace.map { Self.text($0["destination"]) }).count == 1)
      #expect(trace.dropFirst().dropLast().allSatisfy { $0["event"] == .string("trace.hop") })
    }
    for hop in events where hop["known_from"] != nil {
      let other = events.first {
        $0["destination"] == hop["known_from"] && $0["ttl"] == hop["ttl"]
          && $0["known_from"] == nil
      }
      #expect(other?["address"] == hop["address"] && hop["rtt_ns"] == .array([]))
    }
    #expect(events.last?["event"] == .string("trace.many_end"))
    #expect(events.last?["reached"] == .number("16"))
  }

  @Test("many targets, interrupted: what is complete is told, and how many are not")
  func manyInterrupted() throws {
    let result = try LiveLab.inside(
      """
      printf '\(Tree.v4.joined(separator: #"\n"#))' > $FOLDER/targets
      timeout -s INT 2 traceroute-swift -n --many $FOLDER/targets --rate 10
      """, topology: Tree.lab)
    #expect(result.errors.contains(#/16 targets, \d+ reached, \d+ not finished: [12]\d probes/#))
    for way in ways(result.lines) { #expect(way.value.hops.last?.contains(way.key) == true) }
  }

  @Test(
    "a thousand targets and more in whole networks, at the rate that was asked for",
    .enabled(if: LiveLab.isRoot, "namespaces with names are root's"), arguments: ["", "-I"])
  func networks(method: String) throws {
    let result = try LiveLab.run([
      WebPeers.script("../traceroute/many-targets.sh"), "sh", "-c",
      """
      printf '10.64.0.0/23\\n10.65.7.0/24\\n10.66.0.0/23\\n2001:db8:66::/121\\n' > $FOLDER/targets
      timeout 50 traceroute-swift -n \(method) --many $FOLDER/targets --rate 1000
      """,
    ])
    #expect(result.code == 0)
    let ways = ways(result.lines)
    // Without the networks' own and broadcast addresses.
    #expect(ways.count == 510 + 254 + 510 + 128)
    #expect(ways["10.64.1.7"]?.hops == ["1 198.19.1.2", "2 198.19.2.2", "3 10.64.1.7"])
    #expect(
      ways["10.66.0.9"]?.hops
        == ["1 198.19.1.2", "2 198.19.3.2", "3 198.19.6.2", "4 10.66.0.9"])
    // The kernel's errors about datagrams come from the interface.
    let last = method == "-I" ? "2001:db8:66::5" : "2001:db8:ec:7::2"
    #expect(ways["2001:db8:66::5"]?.hops.last == "4 \(last)")
    let found = try #require(
      result.errors.firstMatch(of: #/(\d+) reached: (\d+) probes in ([\d.]+) s, (\d+) saved/#))
    #expect(Int(found.1) == ways.count)
    let (probes, seconds) = (Double(found.2) ?? 0, Double(found.3) ?? 0)
    // A rate is not exceeded; how nearly it is met depends on the machine.
    #expect(probes <= 1_000 * (seconds + 0.06) + 3, "\(result.errors)")
  }
}
