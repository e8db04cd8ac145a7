import CommandLineKit
import PacketText
import PacketWire
import ProbeEngine

extension TraceMethod {
  /// How probes are made of what the command line says.
  ///
  /// - Parameters:
  ///   - options: the command line.
  ///   - family: whose packets.
  ///   - isRaw: this host lets us build the transport header; if not, the kernel does.
  ///   - number: the source port, or the identifier of echo requests.
  /// - Throws: what `-O` says that means nothing.
  init(
    _ options: TracerouteOptions, _ family: IPFamily, isRaw: Bool, number: UInt16
  ) throws(UsageError) {
    let words = try KindWords(options)
    let port = options.port ?? options.kind.usualPort
    switch options.kind {
    case .udp where !isRaw: self = .udpRisingPort(first: port)
    case .udp where options.risesPort: self = .udpRisingPort(first: port, sourcePort: number)
    case .udp: self = .udp(sourcePort: number, destinationPort: port)
    case .icmp: self = .icmp(identifier: number)
    case .tcp:
      self = .tcp(sourcePort: number, destinationPort: port, words.segmentForm(family))
    case .dns: self = .dns(sourcePort: number, destinationPort: port)
    case .quic: self = .quic(sourcePort: number, destinationPort: port)
    case .udplite:
      self = .udpLite(sourcePort: number, destinationPort: port, coverage: words.coverage)
    case .dccp: self = .dccp(sourcePort: number, destinationPort: port, service: words.service)
    case .sctp: self = .sctp(sourcePort: number, destinationPort: port)
    case .raw: self = .other(words.protocolNumber)
    }
  }
}

/// What `-O` says, taken in.
struct KindWords: Hashable, Sendable {
  var flags: TCPHeader.Flags = []
  var segmentSize: UInt16?
  var window: UInt16?
  var isPlain = false
  var coverage: UInt16 = 0
  var service: UInt32 = 1_885_957_735
  /// One that is for experiments (RFC 3692).
  var protocolNumber = IPProtocol(rawValue: 253)

  static let flagNames: [(String, TCPHeader.Flags)] = [
    ("fin", .fin), ("syn", .syn), ("rst", .rst), ("psh", .psh), ("ack", .ack), ("urg", .urg),
    ("ece", .ece), ("cwr", .cwr),
  ]

  init(_ options: TracerouteOptions) throws(UsageError) {
    for word in options.kindOptions { try take(word, options.kind) }
  }

  private mutating func take(_ word: String, _ kind: ProbeKind) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let (name, value) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
    switch (kind, name, value) {
    case (.tcp, "info", nil): break  // output's
    case (.tcp, "plain", nil): isPlain = true
    case (.tcp, "flags", let value?):
      flags = TCPHeader.Flags(
        rawValue: UInt16(try NumberText.number(value, in: 0...0xfff)))
    case (.tcp, "mss", let value?):
      segmentSize = UInt16(try NumberText.number(value, in: 0...65_535))
    case (.tcp, "window", let value?):
      window = UInt16(try NumberText.number(value, in: 0...65_535))
    case (.tcp, _, nil):
      guard let flag = Self.flagNames.first(where: { $0.0 == name }) else {
        throw unknown(word, kind)
      }
      flags.formUnion(flag.1)
    case (.udplite, "coverage", let value?):
      coverage = UInt16(try NumberText.number(value, in: 8...65_535))
    case (.dccp, "service", let value?):
      service = try NumberText.number(value, in: 0...UInt32.max)
    case (.raw, "protocol", let value?): protocolNumber = try TraceArguments.ipProtocol(value)
    default: throw unknown(word, kind)
    }
  }

  private func unknown(_ word: String, _ kind: ProbeKind) -> UsageError {
    UsageError(
      "-O \(UsageError.quoted(word)) says nothing about \(kind.rawValue) probes; --help lists the words"
    )
  }

  /// A SYN as Linux sends it, with the options that every connection has, unless it is to be plain or has
  /// other flags.
  func segmentForm(_ family: IPFamily) -> TraceMethod.SegmentForm {
    var form = TraceMethod.SegmentForm()
    if !flags.isEmpty { form.flags = flags }
    if let window { form.window = window }
    let size = segmentSize ?? (family == .v4 ? 1_460 : 1_440)
    var options: [TCPOption] = []
    if form.flags.contains(.syn), !isPlain || segmentSize != nil {
      options.append(.maximumSegmentSize(size))
    }
    if form.flags.contains(.syn), !isPlain {
      options += [
        .sackPermitted, .timestamps(value: 1, echoReply: 0), .noOperation, .windowScale(7),
      ]
    }
    form.options = OptionOctets(options) ?? OptionOctets()
    return form
  }
}
