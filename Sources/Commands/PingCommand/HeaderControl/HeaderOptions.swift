import CommandLineKit
import PacketWire

/// What the command line says about single fields of the probes' headers.
struct HeaderOptions: Hashable, Sendable {
  /// ICMP type of the probes; `nil` is an echo request's. Once options are settled, only one that nobody
  /// answers.
  var type: ProbeType?
  /// Of the first probe; `nil` is 1.
  var firstSequenceNumber: UInt16?
  /// ICMP code of the probes; `nil` is what their type asks for.
  var code: UInt8?
  /// The ICMP checksum is to be wrong.
  var hasBadChecksum = false
  /// The source in the IP header, whoever that is.
  var source: IPAddress?
  /// Of the IP header, in place of the kernel's.
  var identification: UInt16?
  /// DF.
  var dontFragment = false
  /// MF.
  var moreFragments = false
  /// In octets, a multiple of eight.
  var fragmentOffset = 0
  /// The reserved flag (RFC 3514).
  var isEvil = false
  /// Options of the IP header, as they are given.
  var octets: [UInt8] = []
  /// Routers write their addresses into the probe.
  var recordsRoute = false
  /// Routers write their times into the probe.
  var timestamps: TimestampKind?

  /// What routers write beside their times (RFC 781).
  enum TimestampKind: UInt8, Hashable, Sendable {
    case timesOnly = 0
    case withAddresses = 1
    /// Only those write who are asked to, in this order.
    case prespecified = 3
  }

  /// Who is asked for the time, four at the most.
  var timestampHosts: [IPv4Address] = []

  /// What answers bring back in their options is to be printed.
  var readsAnswers: Bool { recordsRoute || timestamps != nil }
  /// No kernel writes such an IP header.
  var needsOwnHeader: Bool {
    hasBadChecksum || source != nil || flags != 0 || identification != nil
  }
  /// There is no such thing in IPv6.
  private var isForIPv4: String? {
    if recordsRoute { return "-R" }
    if timestamps != nil { return "-T" }
    if !octets.isEmpty { return "--ip-option" }
    if identification != nil { return "--ip-id" }
    return flags == 0
      ? nil : isEvil ? "--evil" : dontFragment ? "--df" : moreFragments ? "--mf" : "--frag-offset"
  }

  /// The three flags and the fragment offset of an IPv4 header.
  var flags: UInt16 {
    (isEvil ? 0x8000 : 0) | (dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0)
      | UInt16(truncatingIfNeeded: fragmentOffset / 8)
  }

  /// The options of the IP header, in octets that a kernel pads.
  var optionOctets: [UInt8] {
    if recordsRoute { return [1, 7, 39, 4] + [UInt8](repeating: 0, count: 36) }
    guard let timestamps else { return octets }
    if timestamps == .prespecified, !timestampHosts.isEmpty {
      // Each address, and room for its time.
      return [68, UInt8(4 + 8 * timestampHosts.count), 5, timestamps.rawValue]
        + timestampHosts.flatMap { host in
          stride(from: 24, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: host.bits >> UInt32($0))
          } + [0, 0, 0, 0]
        }
    }
    let length: UInt8 = timestamps == .timesOnly ? 40 : 36
    return [68, length, 5, timestamps.rawValue] + [UInt8](repeating: 0, count: 36)
  }

  /// What does not go together; and what follows for the other options.
  func apply(to options: inout PingOptions) throws(UsageError) {
    if options.question.isAsked, readsAnswers {
      throw UsageError("options '-R' and '-T' are for echo requests; leave out the question")
    }
    if options.paths.searchesMTU,
      firstSequenceNumber != nil || code != nil || hasBadChecksum || readsAnswers
    {
      throw UsageError(
        "option '--mtu-search' sends plain echo requests: leave out --seq, --code, --badsum, -R and -T"
      )
    }
    guard fragmentOffset.isMultiple(of: 8) else {
      throw UsageError(
        "option '--frag-offset': \(fragmentOffset) is no multiple of 8, in which the header counts")
    }
    let given = [recordsRoute, timestamps != nil, !octets.isEmpty].count { $0 }
    guard given < 2 else {
      throw UsageError("options '-R', '-T' and '--ip-option': the header has room for one of them")
    }
    if readsAnswers, options.printsJSON || options.figures.printsCSV || options.asks {
      throw UsageError("options '-R' and '-T' print lines: leave out --json, --csv and --sweep")
    }
    if let source, source.family != options.family ?? source.family {
      throw UsageError("option '--source': \(source) is of another family than the targets")
    }
    if let name = isForIPv4 {
      guard options.family != .v6, source?.family != .v6 else {
        throw UsageError("option '\(name)': IPv6 headers have no such field; use it with -4")
      }
      options.family = .v4
    }
    if let source { options.family = source.family }
    if needsOwnHeader { options.includesHeader = true }
    if options.includesHeader, readsAnswers {
      throw UsageError(
        "options '-R' and '-T': the kernel has to write the header; leave out --hdrincl and what implies it"
      )
    }
  }
}

extension PingOptions {
  static func sayHeaders(_ options: inout OptionWalk<PingOptions>) {
    options.group("Header fields")
    options.integer(
      nil, "seq", "NUMBER", in: 0...UInt16.max,
      help: "the sequence number of the first probe, 1 if not given"
    ) { $0.header.firstSequenceNumber = $1 }
    options.text(
      nil, "type", "TYPE",
      help:
        "the ICMP type of the probes, a number or a name such as timestamp or redirect; errors are told whatever it is, answers where there are any; needs a raw socket"
    ) { options, value throws(UsageError) in
      options.header.type = try ProbeType(argument: value)
    }
    options.integer(
      nil, "code", "NUMBER", in: 0...255, help: "the ICMP code of the probes; needs a raw socket"
    ) { $0.header.code = $1 }
    options.flag(nil, "badsum", help: "make the ICMP checksum wrong; implies --hdrincl") {
      $0.header.hasBadChecksum = true
    }
    options.text(
      nil, "source", "ADDRESS",
      help: "this source in the IP header, whoever that is; implies --hdrincl"
    ) { options, value throws(UsageError) in
      guard let address = IPAddress(value) else {
        throw UsageError("\(UsageError.quoted(value)) is no IP address")
      }
      options.header.source = address
    }
    options.integer(
      nil, "ip-id", "NUMBER", in: 1...UInt16.max,
      help: "IPv4: the identification of each probe; implies --hdrincl"
    ) { $0.header.identification = $1 }
    options.flag(nil, "df", help: "IPv4: set \"don't fragment\"; implies --hdrincl") {
      $0.header.dontFragment = true
    }
    options.flag(nil, "mf", help: "IPv4: set \"more fragments\"; implies --hdrincl") {
      $0.header.moreFragments = true
    }
    options.integer(
      nil, "frag-offset", "OCTETS", in: 0...65_528,
      help: "IPv4: the fragment offset, a multiple of 8; implies --hdrincl"
    ) { $0.header.fragmentOffset = $1 }
    options.flag(
      nil, "evil", help: "IPv4: set the reserved flag (RFC 3514); implies --hdrincl"
    ) { $0.header.isEvil = true }
    options.text(
      nil, "ip-option", "HEX", help: "IPv4: options of the header, 1 to 40 octets, such as 94040000"
    ) { options, value throws(UsageError) in
      options.header.octets = try PingArguments.octets(value, atMost: 40)
    }
    options.flag("R", "record-route", help: "IPv4: have routers write their addresses (RFC 791)") {
      $0.header.recordsRoute = true
    }
    options.text(
      "T", "timestamps", "KIND",
      help:
        "IPv4: have routers write their times: tsonly, tsandaddr with addresses, or tsprespec those of up to four hosts that stand before the target (RFC 781)"
    ) { options, value throws(UsageError) in
      switch value {
      case "tsonly": options.header.timestamps = .timesOnly
      case "tsandaddr": options.header.timestamps = .withAddresses
      case "tsprespec": options.header.timestamps = .prespecified
      default:
        throw UsageError(
          "\(UsageError.quoted(value)) is none of tsonly, tsandaddr and tsprespec")
      }
    }
  }
}

extension PingArguments {
  /// Octets in hexadecimal, two digits each.
  static func octets(_ text: String, atMost limit: Int) throws(UsageError) -> [UInt8] {
    let digits = Array(text.utf8)
    var octets: [UInt8] = []
    for start in stride(from: 0, to: digits.count - digits.count % 2, by: 2) {
      let pair = digits[start..<start + 2]
      guard pair.first != 0x2b, pair.first != 0x2d,
        let octet = UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
      else { break }
      octets.append(octet)
    }
    guard digits.count == 2 * octets.count, (1...limit).contains(octets.count) else {
      throw UsageError(
        "\(UsageError.quoted(text)) is not 1 to \(limit) octets in hexadecimal, such as 94040000")
    }
    return octets
  }
}
