import CommandLineKit
import LinuxSystem
import PacketWire
import SimulatedInternet

/// What the command lines of `lab-swift run`, `shell` and `up` ask for.
struct RunOptions: Hashable, Sendable {
  /// The lab to go into, which is up already; `nil` is a new one for this command alone.
  var lab: LabName?
  /// Where the command runs.
  var end = LabEnd.client
  /// A name of the gallery or a lab file; `nil` is the default topology.
  var topologyPath: String?
  /// In place of the topology's own.
  var seed: UInt64?
  /// In place of the topology's routers: so many without names.
  var routerCount: Int?
  /// Of every link, in each direction.
  var delay: Nanoseconds?
  /// Of every link, in each direction.
  var loss: Probability?

  /// TCP and UDP ports of the far side that are left to others.
  var freePorts: Set<UInt16> = []

  /// Changes a topology as asked.
  func apply(to topology: inout Topology) {
    if let routerCount {
      var link = Topology.Link()
      (link.outward.delay, link.homeward.delay) = (.milliseconds(1), .milliseconds(1))
      topology.replaceRouters(with: routerCount, behind: link)
    }
    topology.changeLinks { link in
      if let delay { link.delay = delay }
      if let loss { link.loss = loss }
    }
  }

  /// The topology that is asked for, before `apply`.
  func topology() throws(LabFileError) -> Topology {
    guard let topologyPath else { return .default }
    return try TopologyChoice(topologyPath).topology
  }

  /// What a lab is to be made from.
  func plan() throws(LabFileError) -> LabPlan {
    var topology = try topology()
    apply(to: &topology)
    return LabPlan(
      topology: topology, topologyName: topologyPath ?? "default", seed: seed, freePorts: freePorts)
  }
}

/// A lab file that cannot be read or is none.
struct LabFileError: Error, CustomStringConvertible {
  /// One line: the file, the place and what was expected, or the system's word.
  let cause: String

  var description: String { cause }
}
