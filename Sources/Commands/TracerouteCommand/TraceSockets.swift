import LinuxNet
import LinuxSystem
import PacketWire
import ProbeShell

/// The sockets of a trace, opened before it is known which family the target's name leads to.
struct TraceSockets: ~Copyable {
  /// What probes are sent through. If it is raw, they are built by us from the UDP or ICMP header
  /// on; if not, answers come through its error queue.
  let sender: MessageSocket
  /// A raw ICMP socket that hears all answers; absent for ordinary users, and where the sender
  /// itself is one.
  let listener: MessageSocket?

  /// Opens what is allowed: raw sockets, or else datagram ones if those will do.
  init(family: IPFamily, usesICMP: Bool, needsRaw: Bool) throws(SystemError) {
    let icmp: IPProtocol = family == .v4 ? .icmp : .icmpv6
    let protocolNumber = usesICMP ? icmp : .udp
    var opened: MessageSocket?
    do throws(SystemError) {
      opened = try MessageSocket(.raw(protocolNumber), family: family)
    } catch {
      guard error.isPermission, !needsRaw else { throw error }
      opened = try MessageSocket(.datagram(protocolNumber), family: family)
    }
    guard let opened = opened.take() else { preconditionFailure("one of the two was opened") }
    listener =
      opened.isRaw && !usesICMP ? try MessageSocket(.raw(icmp), family: family) : nil
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

  init(family: IPFamily, usesICMP: Bool, needsRaw: Bool) {
    do throws(SystemError) {
      sockets = try TraceSockets(family: family, usesICMP: usesICMP, needsRaw: needsRaw)
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
