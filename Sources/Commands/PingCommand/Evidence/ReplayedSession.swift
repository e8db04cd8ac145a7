import CommandLineKit
import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// What is known of the session that a file has, before its packets are gone through.
struct ReplayedSession {
  /// How many targets a capture of another program may have.
  private static let targetLimit = 65_536

  /// Whom its probes went to.
  var targets = PingTargets()
  /// Where they came from, by target.
  var sources: [IPAddress] = []
  /// The first probe of each family.
  var firsts: [IPFamily: RecordedEcho] = [:]
  /// The file is one of this program's.
  var recorded: EvidenceSession?
  /// What its command line said then.
  private var then = PingOptions()

  /// Reads as much of a file as is needed: of a capture of another program all of it.
  init(_ path: String) throws {
    var feed = try EvidenceFeed(path)
    while let event = try feed.next() {
      if recorded == nil, let session = feed.reader.session { take(session) }
      guard event.direction == .sent, let echo = RecordedEcho(event.packet, then.header.type)
      else { continue }
      take(echo)
      if let recorded, firsts.count == Set(recorded.targets.map(\.address.family)).count {
        break
      }
    }
    if recorded == nil, let session = feed.reader.session { take(session) }
    if let recorded {
      (targets, sources) = (PingTargets(), [])
      for target in recorded.targets.prefix(PingTargets.maximumCount) {
        append(target.address, target.source, typed: target.typed)
      }
    }
    if targets.count == 0 || firsts.isEmpty {
      throw ReplayFailure(
        readable: PingReplay.readable, path: path,
        reason: feed.reader.problem.map { "\($0)" } ?? "there is no echo request in it")
    }
  }

  /// The session that the file is of; its command line may be anybody's.
  private mutating func take(_ session: EvidenceSession) {
    recorded = session
    var options = PingOptions()
    _ = try? PingOptions.table.parse(Array(session.commandLine.dropFirst()), into: &options)
    let families = Set(session.targets.map(\.address.family))
    if families.count == 1 { options.family = families.first }
    if (try? options.settleType([])) == nil { options.header.type = nil }
    then = options
  }

  /// The first request names the ping; those of others are left out.
  private mutating func take(_ echo: RecordedEcho) {
    if firsts[echo.family] == nil, firsts.isEmpty || recorded != nil {
      firsts[echo.family] = echo
    }
    guard recorded == nil, firsts[echo.family]?.identifier == echo.identifier,
      index(of: echo.target) == nil, targets.count < Self.targetLimit
    else { return }
    append(echo.target, echo.source, typed: nil)
  }

  /// Of the session, if it says so and if it can be.
  var payloadLength: Int? {
    recorded?.payloadLength.flatMap { $0 <= Int(UInt16.max) ? $0 : nil }
  }

  private var indices: [IPAddress: Int] = [:]

  /// Which target has this address.
  func index(of address: IPAddress) -> Int? { indices[address] }

  private mutating func append(_ address: IPAddress, _ source: IPAddress, typed: String?) {
    indices[address] = indices[address] ?? targets.count
    targets.append(Endpoint(address), typed: typed == "\(address)" ? nil : typed)
    sources.append(source)
  }
}

extension ReplayedSession {
  /// The options of a replay: those of the recorded command line that say how a report is to be, and
  /// then those that are given now.
  func options(_ arguments: [String]) throws(UsageError) -> PingOptions {
    var (given, options) = (PingOptions(), PingOptions())
    _ = try PingOptions.table.parse(arguments, into: &given)
    if given.header.type != nil {
      throw UsageError(
        "option '--type': the probes of a replay have the type that they had; leave it out")
    }
    if recorded != nil {
      options.takeReport(of: then, withText: !given.printsJSON && !given.figures.printsCSV)
    }
    _ = try PingOptions.table.parse(arguments, into: &options)
    options.isNumeric = !options.forcesNames
    return options
  }

  /// What builds and reads the probes of each family.
  func requests(_ options: PingOptions) -> EchoRequests {
    var requests = EchoRequests()
    requests.v4 = firsts[.v4].map { request($0, options) }
    requests.v6 = firsts[.v6].map { request($0, options) }
    return requests
  }

  private func request(_ first: RecordedEcho, _ options: PingOptions) -> EchoRequest {
    guard let recorded, let key = recorded.cookieKey else {
      // Its pattern is not known: no octet of an answer is compared with one.
      var request = EchoRequest(
        family: first.family, identifier: first.identifier, payloadLength: 0,
        firstSequenceNumber: first.sequenceNumber, cookies: KeyedCookie(key: 0, 0))
      request.trustsAnswers = true
      return request
    }
    return EchoRequest(
      family: first.family, identifier: first.identifier,
      payloadLength: payloadLength ?? first.length, pattern: options.pattern,
      firstSequenceNumber: options.header.firstSequenceNumber ?? 1,
      type: options.header.type?[first.family], cookies: KeyedCookie(key: key.low, key.high))
  }
}

extension PingOptions {
  /// Takes over what decides how a report looks and what it says; nothing that would do something.
  fileprivate mutating func takeReport(of other: PingOptions, withText: Bool) {
    (family, allowsBroadcast, needed) = (other.family, other.allowsBroadcast, other.needed)
    (asks, retries, backoff) = (other.asks, other.retries, other.backoff)
    (listsAlive, listsUnreachable) = (other.listsAlive, other.listsUnreachable)
    (count, deadline, givenTimeout) = (other.count, other.deadline, other.givenTimeout)
    (givenInterval, givenGap) = (other.givenInterval, other.givenGap)
    (isFlood, isAdaptive, preload) = (other.isFlood, other.isAdaptive, other.preload)
    header.type = other.header.type
    header.firstSequenceNumber = other.header.firstSequenceNumber
    (header.recordsRoute, header.timestamps) = (other.header.recordsRoute, other.header.timestamps)
    (payloadLength, pattern, origins) = (other.payloadLength, other.pattern, other.origins)
    (isQuiet, isVerbose, isAudible) = (other.isQuiet, other.isVerbose, other.isAudible)
    (isPrecise, printsTime) = (other.isPrecise, other.printsTime)
    reportsOutstanding = other.reportsOutstanding
    guard withText else { return }
    (printsJSON, evidence.explains) = (other.printsJSON, other.evidence.explains)
    figures = other.figures
    (figures.metricsPath, figures.showsLive) = (nil, false)
  }
}
