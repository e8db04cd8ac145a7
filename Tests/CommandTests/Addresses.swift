import PacketWire

/// An address that a test has written down.
func address(_ text: String) -> IPAddress {
  guard let address = IPAddress(text) else { preconditionFailure("no address: \(text)") }
  return address
}
