import CommandLineKit
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

extension PingSetup {
  /// Who makes something of the packets themselves.
  ///
  /// - Parameters:
  ///   - channels: their sockets.
  ///   - configuration: of the session.
  ///   - file: where packets are written to, if that is wanted.
  ///   - arguments: the command line.
  /// - Returns: one who does nothing where nothing was asked for.
  func witness(
    _ channels: [EchoChannel], _ configuration: PingSession.Configuration,
    record file: consuming EvidenceFile, arguments: [String]
  ) -> PingWitness {
    let (targets, sources) = (targets, sources)
    var recorder: EvidenceRecorder?
    if let path = options.evidence.recordPath, let file = file.take() {
      recorder = EvidenceRecorder(
        file, path: path,
        evidenceSession(configuration, arguments: arguments, channels, sources))
    }
    return PingWitness(options, targets: targets, recorder: recorder) { probe in
      let target = targets.targets[probe.target]
      let channel = channels.first { $0.request.family == target.address.family }
      return channel?.datagram(
        of: probe, to: target,
        from: sources.indices.contains(probe.target) ? sources[probe.target] : nil,
        length: configuration.payloadLength(of: probe))
    }
  }

  /// Where probes to each target come from; one target's was asked for before, and for those of several
  /// the routes are asked only if their packets are wanted.
  private var sources: [IPAddress?] {
    guard targets.count > 1 else { return [origin?.source] }
    guard options.evidence.keepsPackets else { return [] }
    return targets.endpoints.map { endpoint in
      try? ProbeOrigin(
        for: endpoint, choices: choices, allowsBroadcast: options.allowsBroadcast
      ).source
    }
  }

  private func evidenceSession(
    _ configuration: PingSession.Configuration, arguments: [String], _ channels: [EchoChannel],
    _ sources: [IPAddress?]
  ) -> EvidenceSession {
    var session = EvidenceSession(
      tool: PingCommand.toolName, version: SuiteVersion.text,
      commandLine: [PingCommand.toolName] + arguments)
    session.cookieKey = cookieKey
    session.identifier = channels.count == 1 ? channels[0].request.identifier : nil
    session.payloadLength = options.payloadLength
    session.interval = options.interval
    session.timeout = configuration.timeout
    session.count = options.count
    session.deadline = options.deadline
    session.targets = targets.targets.indices.map { index in
      let address = targets.targets[index].address
      return .init(
        typed: targets.name(of: index), address: address,
        source: (sources.indices.contains(index) ? sources[index] : nil)
          ?? (address.family == .v4 ? .v4(.any) : .v6(.any)))
    }
    return session
  }
}
