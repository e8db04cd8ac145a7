import CommandLineKit
import PacketWire
import ProbeEngine

extension InterfaceQuestion {
  /// Reads the value of `--probe-interface`: an address, a number, or else a name; behind `neighbor:`
  /// the address of a neighbour of the target.
  init(argument: String) throws(UsageError) {
    let mark = "neighbor:"
    let isNeighbor = argument.hasPrefix(mark)
    let text = isNeighbor ? String(argument.dropFirst(mark.count)) : argument
    if let address = IPAddress(text) {
      self.init(.address(address), isNeighbor: isNeighbor)
      return
    }
    guard !isNeighbor else {
      throw UsageError(
        "a neighbour has an address, not \(UsageError.quoted(text))")
    }
    if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !text.isEmpty {
      guard let index = UInt32(text), index > 0 else {
        throw UsageError(
          "an interface's number is 1 to 4294967295, not \(UsageError.quoted(text))"
        )
      }
      self.init(.index(index))
      return
    }
    guard (1...255).contains(text.utf8.count) else {
      throw UsageError("a name has 1 to 255 octets")
    }
    self.init(.name(Array(text.utf8)))
  }
}
