import LiveCapture
import PacketWire

/// Hears of packets at once, so that their sockets are asked for while they are there.
///
/// The capture itself lets the kernel gather packets in blocks. Handed over one by one, each would
/// take a frame of the snapshot length in the kernel's ring, a quarter of a megabyte on "any": a page
/// of some hundred packets overflowed 64 MiB. Here only beginnings are taken, and nothing is kept.
final class FlowScout {
  let interfaces: [CapturedInterface]
  let owners: FlowOwners

  /// Looks at the same interfaces, through the same filter's programs.
  init(
    beside interfaces: [CapturedInterface], _ programs: [FilterProgram], tells owners: FlowOwners
  ) throws {
    self.interfaces = try interfaces.scouts()
    self.owners = owners
    try self.interfaces.limit(to: programs)
  }

  /// Takes what has come, `limit` packets of each interface at most.
  func look(atMost limit: Int) throws {
    for interface in interfaces {
      _ = try interface.capture.dispatch(atMost: limit) { header, octets in
        owners.notice(octets, linkType: interface.linkType, header)
      }
    }
  }
}
