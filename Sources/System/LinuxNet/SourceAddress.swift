internal import Glibc
public import LinuxSystem
public import PacketWire

/// The address that this host would use to send to `destination`; nothing is sent.
///
/// Where there is no route, the error says so. The corresponding C calls are `connect` on a UDP
/// socket and `getsockname`.
public func sourceAddress(for destination: Endpoint) throws(SystemError) -> IPAddress {
  let socket = try MessageSocket(.datagram(.udp), family: destination.address.family)
  var target = destination
  // Any port: the route does not depend on it, but port 0 is refused by some kernels.
  if target.port == 0 { target.port = 33434 }
  if destination.address.family == .v4 { try socket.setBroadcast() }
  try socket.connect(to: target)
  return try socket.localEndpoint().address
}
