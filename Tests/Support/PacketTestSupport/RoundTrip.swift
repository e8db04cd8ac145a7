public import PacketWire
public import Testing

/// The value at the front of `octets`, which stand `offset` octets behind the first captured one.
/// Expects that the reader stays where it was when the value is refused.
public func parse<Value: WireValue>(
  _ octets: [UInt8], at offset: Int = 0, as _: Value.Type = Value.self
) throws(PacketError) -> Value {
  var reader = PacketReader(octets.span, offset: offset)
  do throws(PacketError) {
    return try Value(parsing: &reader)
  } catch {
    #expect(reader.offset == offset && reader.available == octets.count)
    throw error
  }
}

/// What `value` writes into a buffer with exactly the room that it asks for.
public func octets(of value: some WireValue) -> [UInt8] {
  [UInt8](capacity: value.octetCount) { value.write(to: &$0) }
}

/// Expects that `packet` is read to its last octet and written back octet for octet.
public func expectRoundTrip<Value: WireValue>(
  of packet: [UInt8], as _: Value.Type, sourceLocation: SourceLocation = #_sourceLocation
) throws(PacketError) {
  var reader = PacketReader(packet.span, offset: 100)
  let value = try Value(parsing: &reader)
  #expect(reader.available == 0, sourceLocation: sourceLocation)
  #expect(reader.offset == 100 + packet.count, sourceLocation: sourceLocation)
  #expect(octets(of: value) == packet, sourceLocation: sourceLocation)
}

/// Expects that random octets, as many as `lengths` allows, are refused or written back unchanged.
///
/// `shape` changes the octets so that enough of them are accepted: at least one in a hundred.
public func expectRandomRoundTrip<Value: WireValue>(
  seed: UInt64, lengths: ClosedRange<Int>, as _: Value.Type,
  sourceLocation: SourceLocation = #_sourceLocation,
  shape: (inout [UInt8], inout SeededRNG) -> Void = { _, _ in }
) {
  let attempts = 1_000
  var rng = SeededRNG(seed: seed)
  var accepted = 0
  for _ in 0..<attempts {
    var input = rng.bytes(count: .random(in: lengths, using: &rng))
    shape(&input, &rng)
    guard let value = try? parse(input, as: Value.self) else { continue }
    accepted += 1
    let output = octets(of: value)
    #expect(
      output[...] == input.prefix(output.count), "seed \(seed)", sourceLocation: sourceLocation)
  }
  #expect(accepted >= attempts / 100, "seed \(seed)", sourceLocation: sourceLocation)
}

/// Expects that every shorter prefix of `packet` is refused as truncated, where and by how much.
///
/// `parts` are the lengths of the parts that the header is taken in, together all of `packet`.
public func expectEveryPrefixIsRefused<Value: WireValue>(
  of packet: [UInt8], takenIn parts: [Int], by layer: Layer, as _: Value.Type,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(parts.reduce(0, +) == packet.count, sourceLocation: sourceLocation)
  var start = 0
  for part in parts {
    for available in 0..<part {
      let error = PacketError(
        layer, at: 100 + start, .truncated(needed: part, available: available))
      #expect(throws: error, sourceLocation: sourceLocation) {
        try parse(Array(packet.prefix(start + available)), at: 100, as: Value.self)
      }
    }
    start += part
  }
}
