public import LinuxSystem
public import PacketWire

/// The servers of one loop, each of which takes one place in the loop's table, whatever the number
/// of its clients.
public struct ServerGroup {
  /// A process has some descriptors besides those of its servers.
  private static let otherDescriptors = 64

  private let members: [(server: any Server, slot: Poller.Slot)]

  /// Puts servers into the table, and sees to it that they may hold the descriptors that they need.
  /// Programs started later would inherit that limit: start them before.
  public init(_ servers: [any Server], watchedBy poller: inout Poller) throws(SystemError) {
    var members: [(any Server, Poller.Slot)] = []
    var descriptors = Self.otherDescriptors
    for server in servers {
      members.append((server, poller.add(server.descriptorNumber, interest: .read)))
      descriptors += server.maximumDescriptors
    }
    self.members = members
    // Where this is not enough, the idlest clients make room.
    try OpenFileLimit.raise(to: descriptors)
  }

  /// When `serve` has to be called at the latest.
  public var wakeAt: MonotonicInstant? { members.lazy.compactMap(\.server.wakeAt).min() }

  /// Lets those servers work for which the table has something, or whose time has come.
  public func serve(_ poller: borrowing Poller, at now: MonotonicInstant) throws(SystemError) {
    for (server, slot) in members {
      var isDue = !poller.readiness(of: slot).isEmpty
      if let wake = server.wakeAt, wake <= now { isDue = true }
      if isDue { try server.serve(at: now) }
    }
  }
}
