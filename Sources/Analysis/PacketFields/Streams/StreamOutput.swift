import PacketWire

/// What the messages of a segment are made of, and the octets of those that were put together.
struct StreamOutput: Sendable {
  /// Their `source` is 0 for the segment's own octets, or the place in `sources` plus one.
  private(set) var layers: [FieldLayer] = []
  private(set) var sources: [[UInt8]] = []
  /// What is known of messages that answer others or follow them; layers have the place.
  private(set) var exchanged: [MessageFacts] = []
  /// Where the octets begin that are being read, and what they count in.
  private var base = 0
  private var source = 0
  /// What is added from now on stands in a connection of HTTP.
  var isInHTTP = false

  /// What is added from now on counts in the segment, from `base` on.
  mutating func beginSegment(at base: Int) { (self.base, source) = (base, 0) }

  /// What is added from now on counts in `octets`.
  mutating func beginSource(_ octets: [UInt8]) {
    sources.append(octets)
    (base, source) = (0, sources.count)
  }

  /// Drops the octets that were begun, if nothing was found in them.
  mutating func endSource() {
    if source == sources.count, !layers.contains(where: { $0.source == source }) {
      sources.removeLast()
    }
  }

  mutating func add(
    _ kind: FieldLayer.Kind, _ start: Int, _ end: Int, detail: Int = 0,
    _ message: MessageFacts? = nil
  ) {
    var layer = FieldLayer(kind, base &+ start, base &+ end)
    (layer.source, layer.dataStart, layer.isInHTTP) = (source, detail, isInHTTP)
    if let message {
      layer.history = exchanged.count
      exchanged.append(message)
    }
    layers.append(layer)
  }

  /// Adds a layer that is all of octets of its own.
  mutating func add(_ kind: FieldLayer.Kind, _ octets: [UInt8], detail: Int) {
    sources.append(octets)
    var layer = FieldLayer(kind, 0, octets.count)
    (layer.source, layer.dataStart) = (sources.count, detail)
    layers.append(layer)
  }
}
