import HostNaming
import LinuxNet
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell
import TerminalText

/// What a run needs, made of its options and targets.
struct PingSetup {
  let options: PingOptions
  let targets: PingTargets
  let choices: [ProbeOrigin.Choice]
  /// Where probes come from; `nil` where nobody wants to know, or where the routes cannot be asked.
  let origin: ProbeOrigin?
  /// Of the cookies.
  let cookieKey: EvidenceKey
  let cookies: KeyedCookie
  private let configuration: PingSession.Configuration
  /// What is asked instead of an echo.
  let question: ProbeQuestion?

  init(_ options: PingOptions, targets: PingTargets, choices: [ProbeOrigin.Choice]) throws {
    (self.options, self.targets, self.choices) = (options, targets, choices)
    origin = try Self.origin(options, targets, choices)
    var random = SystemRandomNumberGenerator()
    cookieKey = EvidenceKey(random.next(), random.next())
    cookies = KeyedCookie(key: cookieKey.low, cookieKey.high)
    configuration = Self.configuration(options, targets)
    question = try options.question.question()
  }

  /// One target's source is asked of the routes, which also says at once if there is no route.
  private static func origin(
    _ options: PingOptions, _ targets: PingTargets, _ choices: [ProbeOrigin.Choice]
  ) throws(SystemError) -> ProbeOrigin? {
    guard targets.count == targets.flows || options.includesHeader else { return nil }
    do throws(SystemError) {
      return try ProbeOrigin(
        for: targets.endpoints[0], choices: choices, allowsBroadcast: options.allowsBroadcast)
    } catch {
      // Marked packets, and those that go past the routes, need no route that this can find.
      guard options.mark != nil || options.bypassesRoutes, !options.includesHeader else {
        throw error
      }
      return nil
    }
  }

  static func configuration(
    _ options: PingOptions, _ targets: PingTargets
  ) -> PingSession.Configuration {
    var configuration = PingSession.Configuration(
      targets: targets.targets, requests: EchoRequests())
    configuration.count = options.count
    configuration.deadline = options.deadline
    configuration.preload = options.preload
    configuration.pacing = options.pacing
    configuration.gap =
      targets.count == 1 ? .zero : options.givenGap ?? usualGap(options, targets)
    configuration.sweep = options.paths.sizes
    configuration.reportsReplies =
      !options.isQuiet || options.printsJSON || options.figures.needsReplies
      || options.paths != PathOptions() || GroupAnswers.areWanted(options, targets)
      || options.keepsPackets
    configuration.reportsOutstanding =
      options.reportsOutstanding || (options.printsJSON && !options.isUnanswered)
    configuration.keepsFigures =
      (options.figures.needsFigures || options.printsJSON) && !options.isUnanswered
      && targets.count <= FigureOptions.targetLimit
    if options.asks {
      configuration.retries = .init(
        count: options.retries, backoff: options.backoff, adapts: options.givenTimeout == nil)
    }
    let usual: Nanoseconds =
      options.asks
      ? .milliseconds(500)
      : options.isUnanswered ? .seconds(1) : targets.count > 1 ? .seconds(2) : .seconds(10)
    configuration.timeout = options.givenTimeout ?? usual
    return configuration
  }

  /// Flows that are compared are spread over the interval: what is sent right behind another probe finds
  /// everything on its way awake.
  private static func usualGap(_ options: PingOptions, _ targets: PingTargets) -> Nanoseconds {
    guard targets.flows > 1 else { return .milliseconds(1) }
    return max(.milliseconds(1), Nanoseconds(options.interval.count / Int64(targets.count)))
  }

  /// Somebody wants to know the TTL of answers: a flood that is only counted goes without.
  private var needsFields: Bool {
    !configuration.isFast || configuration.reportsReplies || configuration.keepsFigures
  }

  /// The kernel's stamps cost as much as the packets: floods and fast sweeps go without.
  private var stampsPackets: Bool { !configuration.isFast && !options.measuresProgram }
}

// MARK: - Parts

extension PingSetup {
  /// A socket of one family, ready to send.
  func channel(_ socket: consuming MessageSocket) throws -> EchoChannel {
    let family = socket.family
    try bind(socket)
    let identifier =
      socket.isRaw
      ? options.identifier ?? .random(in: 1 ... .max) : try socket.localEndpoint().port
    if let hops = options.timeToLive { try socket.setTimeToLive(hops) }
    if let octet = options.typeOfService { try socket.setTypeOfService(octet) }
    if let mode = options.pathMTU { try socket.setPathMTUDiscovery(mode) }
    if options.allowsBroadcast { try socket.setBroadcast() }
    if options.suppressesLoopback { try socket.setGroupLoopback(false) }
    if options.bypassesRoutes { try socket.setBypassesRoutes() }
    if let octets = options.sendBuffer { try socket.setSendBuffer(octets) }
    if options.includesHeader { try socket.setHeaderIncluded() }
    let request = EchoRequest(
      family: family, identifier: identifier, payloadLength: options.payloadLength,
      pattern: options.pattern,
      firstSequenceNumber: options.header.firstSequenceNumber ?? 1,
      type: options.header.type?[family], cookies: cookies)
    let asked = questionProbe(family, identifier: identifier)
    if family == .v4, !options.includesHeader, !options.header.optionOctets.isEmpty {
      try socket.setHeaderOptions(options.header.optionOctets)
    }
    if socket.isRaw {
      try accept(asked, request, on: socket)
    } else {
      // A datagram socket is given no ICMP errors but through its error queue.
      try socket.enableErrorQueue()
    }
    // A raw IPv4 socket shows the IP header itself.
    if !socket.isRaw || family == .v6, needsFields { try socket.enableReceivedFields() }
    let labels = try flowLabels(socket)
    if options.connects, targets.count == 1 { try socket.connect(to: targets.endpoints[0]) }
    let header: ProbeHeader? = options.includesHeader ? origin.map { self.header(from: $0) } : nil
    return try EchoChannel(
      socket, request, stampsPackets: stampsPackets, splitsDelays: options.splitsDelays,
      header: header, flowLabels: labels, options: options, isBusy: configuration.isFast,
      question: asked)
  }

  private func bind(_ socket: borrowing MessageSocket) throws(SystemError) {
    for case .address(let address) in choices where address.family == socket.family {
      return try socket.bind(to: Endpoint(address))
    }
    if options.keepsSource, let origin, origin.source.family == socket.family {
      return try socket.bind(to: Endpoint(origin.source))
    }
    guard !socket.isRaw else { return }
    // The kernel takes the port of a datagram socket as the identifier.
    try socket.bind(to: .any(socket.family, port: options.identifier ?? 0))
  }

  private func flowLabels(_ socket: borrowing MessageSocket) throws(SystemError) -> FlowLabels {
    guard socket.family == .v6, let first = targets.targets.first else {
      return FlowLabels(common: 0)
    }
    if let label = options.flowLabel {
      guard case .v6(let destination) = first.address else { return FlowLabels(common: 0) }
      return FlowLabels(common: try socket.takeFlowLabel(label, for: destination))
    }
    guard targets.flows > 1 else { return FlowLabels(common: 0) }
    try socket.sendFlowLabels()
    var random = SystemRandomNumberGenerator()
    return FlowLabels(flows: targets.flows, using: &random)
  }

  private func header(from origin: ProbeOrigin) -> ProbeHeader {
    ProbeHeader(
      source: options.header.source ?? origin.source, timeToLive: options.timeToLive ?? 64,
      typeOfService: options.typeOfService ?? 0, fields: options.header)
  }

  /// The loop that runs it all.
  func shell(
    _ channels: [EchoChannel], record: consuming EvidenceFile, arguments: [String]
  ) -> PingShell {
    var configuration = configuration
    for channel in channels {
      switch channel.request.family {
      case .v4: configuration.requests.v4 = channel.request
      case .v6: configuration.requests.v6 = channel.request
      }
      configuration.ask(channel.question)
    }
    let isNumeric =
      options.isNumeric || options.printsJSON || options.isFast
      || (!options.forcesNames && targets.count == 1 && IPAddress(targets.name(of: 0)) != nil)
    let names = HostNames(isEnabled: !isNumeric)
    let printer = PingPrinter(
      options, text: text(names, channels[0].request.identifier),
      events: PingEvents(
        targets: targets, source: origin?.source, payloadLength: options.payloadLength,
        question: question, unanswered: options.header.type),
      names: names,
      damage: options.isVerbose && !options.printsJSON ? DamageMaps(channels, targets) : nil)
    return PingShell(
      options, targets: targets, channels: channels, configuration: configuration,
      witness: witness(channels, configuration, record: record, arguments: arguments),
      printer: printer)
  }

  /// The one interface that link-local targets are behind.
  private var zone: String? {
    let scopes = Set(targets.endpoints.lazy.map(\.scope).filter { $0 != 0 })
    guard scopes.count == 1, let scope = scopes.first else { return origin?.interface }
    return (try? NetworkInterface.all())?.first { $0.index == scope }?.name
  }

  private func text(_ names: HostNames, _ identifier: UInt16) -> PingText {
    var style = PingText.Style(options)
    if case .nodeInformation = question { style.printsDelays = false }
    return PingText(
      targets: targets, style: style,
      origin: options.origins.isEmpty
        ? nil : origin.map { ($0.source, $0.interface ?? "") },
      payloadLength: options.payloadLength,
      headerLength: IPv4Header.minimumLength + (options.header.optionOctets.count + 3) / 4 * 4,
      firstSequenceNumber: options.header.firstSequenceNumber ?? 1, identifier: identifier,
      isBroadcast: origin?.isBroadcast ?? options.allowsBroadcast, pattern: options.pattern,
      zone: zone, styling: TerminalSettings.current(of: StandardStream.output).style,
      name: { names.name(of: $0) })
  }
}

extension PingOptions {
  /// When probes are sent: iputils' rules.
  fileprivate var pacing: PingSession.Pacing {
    if isAdaptive {
      let least: Nanoseconds = isPrivileged ? .zero : .milliseconds(200)
      return .onAnswer(atLeast: max(least, givenInterval ?? .zero), silence: nil)
    }
    guard interval == .zero else { return .steady(interval: interval) }
    return .onAnswer(atLeast: .zero, silence: .milliseconds(10))
  }
}
