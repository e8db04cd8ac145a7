import PacketText
import PacketWire

extension PacketField {
  /// Appends the types that a record says exist at a name.
  static func appendTypes(
    _ layer: FieldLayer, _ octets: Span<UInt8>, _ cell: inout FieldCell, _ out: inout TextBuffer
  ) {
    guard let start = startOfBitmap(layer, octets), start <= layer.end else { return }
    DNSTypeBitmap.forEachType(in: octets.extracting(start..<layer.end)) {
      cell.append(decimal: $0.rawValue, &out)
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
