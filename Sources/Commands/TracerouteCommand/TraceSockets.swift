import LinuxNet
import LinuxSystem
import PacketWire
import ProbeShell

/// The sockets of a trace, opened before it is known which family the target's name leads to.
struct TraceSockets: ~Copyable {
  /// What probes are sent through. If it is raw, they are built by us; if not, answers come through its
  /// error queue.
  let sender: MessageSocket
  /// A raw ICMP socket that hears all errors; absent for ordinary users, and where the sender itself is
  /// one.
  let listener: MessageSocket?

  /// Opens what is allowed: raw sockets, or else datagram ones if those will do.
  init(
    _ protocolNumber: IPProtocol, family: IPFamily, needsRaw: Bool,
    origin: TracerouteOptions.Origin
  ) throws(SystemError) {
    let icmp: IPProtocol = family == .v4 ? .icmp : .icmpv6
    var opened: MessageSocket?
    do throws(SystemError) {
      opened = try MessageSocket(.raw(protocolNumber), family: family)
    } catch {
      guard error.isPermission, !needsRaw else { throw error }
      opened = try MessageSocket(.datagram(protocolNumber), family: family)
    }
    guard let opened = opened.take() else { preconditionFailure("one of the two was opened") }
    if let name = origin.interface { try opened.bind(toInterface: name) }
    if let mark = origin.mark { try opened.setMark(mark) }
    if origin.bypassesRoutes { try opened.setBypassesRoutes() }
    if origin.debugs { try opened.setDebugging() }
    listener =
      opened.isRaw && protocolNumber != icmp
      ? try MessageSocket(.raw(icmp), family: family) : nil
    sender = opened
  }

  /// Poll these for reading.
  var descriptorNumbers: [CInt] {
    switch listener {
    case .some(let listener): [sender.descriptorNumber, listener.descriptorNumber]
    case .none: [sender.descriptorNumber]
    }
  }
}

/// Sockets, or why there are none: which of the two families is wanted shows only later.
struct TraceSocketsAttempt: ~Copyable {
  private var sockets: TraceSockets?
  private let error: SystemError?

  init(
    _ protocolNumber: IPProtocol, family: IPFamily, needsRaw: Bool,
    origin: TracerouteOptions.Origin
  ) {
    do throws(SystemError) {
      sockets = try TraceSockets(
        protocolNumber, family: family, needsRaw: needsRaw, origin: origin)
      error = nil
    } catch {
      self.error = error
    }
  }

  /// The sockets, or why there are none.
  consuming func take() throws(SystemError) -> TraceSockets {
    if let error { throw error }
    guard let sockets = sockets.take() else { preconditionFailure("sockets are taken once") }
    return sockets
  }
}
