import LinuxNet
import LinuxSystem
import PacketTestSupport
import PacketWire

/// Waits until loopback has delivered what this thread sent before.
///
/// The kernel mostly does so before `send` returns. When it has much to do it leaves the rest to a
/// thread of its own, and what is sent then waits in the same queue: behind the others comes this.
func awaitDelivery() throws {
  let receiver = try MessageSocket(.datagram(.udp), family: .v4)
  try receiver.bind(to: endpoint("127.0.0.1"))
  let sender = try MessageSocket(.datagram(.udp), family: .v4)
  try sender.send([0].span, to: receiver.localEndpoint())
  try wait(for: receiver.descriptorNumber, .read)
}
