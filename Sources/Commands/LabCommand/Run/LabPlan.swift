import SimulatedInternet

/// What a lab is to be made from.
struct LabPlan: Sendable {
  /// Who sits where.
  var topology: Topology
  /// What people call it: a name of the gallery, a file's path, or "default".
  var topologyName: String
  /// In place of the topology's own.
  var seed: UInt64?
  /// TCP and UDP ports of the far side that the lab's own servers leave to others.
  var freePorts: Set<UInt16> = []
}
