import PacketText
import PacketWire

extension PacketField {
  /// SRV (RFC 2782).
  static let serviceType = DNSType(rawValue: 33)

  /// Appends the types that a record says exist at a name.
  static func appendTypes(
    _ layer: FieldLayer, _ octets: Span<UInt8>, _ cell: inout FieldCell, _ out: inout TextBuffer
  ) {
    guard var offset = startOfBitmap(layer, octets) else { return }
    // Windows of 256 types, each a number, a length and so many octets (RFC 4034 §4.1.2).
    while offset &+ 2 <= layer.end {
      let (window, length) = (Int(octets[offset]), Int(octets[offset &+ 1]))
      offset &+= 2
      guard offset &+ length <= layer.end else { return }
      for bit in 0..<min(length, 32) &* 8
      where octets[offset &+ bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 {
        cell.append(decimal: window &* 256 &+ bit, &out)
      }
      offset &+= length
    }
  }

  private static func startOfBitmap(_ layer: FieldLayer, _ octets: Span<UInt8>) -> Int? {
    let data = layer.dataStart
    switch octets.u16(at: data &- 10) {
    case 47: return octets.endOfName(at: data, before: layer.end)
    case 50:
      // NSEC3: four octets, then a salt and a hash with their lengths (RFC 5155 §3.2).
      guard data &+ 5 <= layer.end else { return nil }
      let hash = data &+ 5 &+ Int(octets[data &+ 4])
      guard hash < layer.end else { return nil }
      return hash &+ 1 &+ Int(octets[hash])
    case 62:
      // CSYNC: a serial number and flags (RFC 7477 §2.1.1).
      return data &+ 6
    default: return nil
    }
  }
}
