import CommandLineKit
import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine

/// What the command line says about the path MTU.
struct PathMTUOptions: Hashable, Sendable {
  /// Look for it, hop by hop.
  var isWanted = false

  /// More than most links take, so that the first hop shows this host's own.
  static let usualLength = 65_000
}

extension TracerouteOptions {
  static func sayPathMTU(_ options: inout OptionWalk<TracerouteOptions>) {
    options.group("Path MTU")
    options.flag(
      nil, "mtu",
      help: """
        show how long packets may be as far as each hop, where that changes (F=OCTETS), and where longer ones \
        vanish unsaid; sets -F, and LENGTH is what to begin with, 65000 if not given
        """
    ) { $0.pathMTU.isWanted = true }
  }

  /// What follows from `--mtu`, and what does not go with it.
  mutating func preparePathMTU(length: inout Int?) throws(UsageError) {
    guard pathMTU.isWanted else { return }
    guard [.udp, .icmp, .udplite, .raw].contains(kind) else {
      throw UsageError(
        "--mtu: \(kind.rawValue) probes have a length of their own; use UDP, -I, -M udplite or -P")
    }
    if let mode = monitor.mode {
      throw UsageError("--mtu is of a plain trace; leave it out with --\(mode.rawValue)")
    }
    if multipath.algorithm != nil {
      throw UsageError("--mtu is of one way; leave it out with --mda")
    }
    if window != nil || gap != TracerouteOptions().gap {
      throw UsageError("--mtu goes hop by hop at its own pace; leave out -N and -z")
    }
    if wait.hereFactor != nil || wait.nearFactor != nil {
      throw UsageError("--mtu: leave out HERE and NEAR of -w, for it has its own")
    }
    headers.dontFragment = true
    length = length ?? PathMTUOptions.usualLength
  }
}

extension PathMTUTrace {
  /// A trace with these probes.
  init(_ options: TracerouteOptions, _ probe: TraceProbe) {
    self.init(
      options.configuration, probe.target.family, longest: probe.packetLength,
      tooLongError: SystemError.messageTooLong(sendingTo: Endpoint(probe.target)).errorNumber)
  }
}
