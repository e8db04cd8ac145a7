import FlowAnalysis
import PacketWire

/// The streams that are read for their messages.
struct StreamReaders: Sendable {
  /// By the place that a connection has among those that are remembered.
  private var readers: [StreamReader?] = []
  private var heldOctets = 0
  private let limits = AnalysisLimits()

  /// Reads a segment's octets, which begin at `base` of its packet; the messages that it makes whole.
  mutating func read(
    _ octets: Span<UInt8>, at base: Int, _ segment: StreamReader.Segment,
    _ analysis: TCPSegmentAnalysis
  ) -> StreamOutput {
    while readers.count <= analysis.slot { readers.append(nil) }
    // Taken out, so that nothing is copied when it changes.
    var reader = StreamReader(stream: analysis.stream)
    if let known = readers[analysis.slot] {
      heldOctets &-= known.heldOctets
      if known.stream == analysis.stream { reader = known }
      readers[analysis.slot] = nil
    }
    var output = StreamOutput()
    reader.read(octets, at: base, segment, &output)
    if reader.heldOctets > limits.heldOctetsPerStream
      || heldOctets &+ reader.heldOctets > limits.heldOctets
    {
      reader.giveUp(segment, &output)
    }
    heldOctets &+= reader.heldOctets
    readers[analysis.slot] = reader
    return output
  }

  /// What a connection carries, as far as was seen.
  func application(of analysis: TCPSegmentAnalysis) -> StreamReader.Application {
    guard analysis.slot < readers.count, let known = readers[analysis.slot],
      known.stream == analysis.stream
    else { return .undecided }
    return known.application
  }

  /// Finds messages that stand whole in a segment that an error quotes.
  func quote(
    _ octets: Span<UInt8>, at base: Int, _ segment: StreamReader.Segment,
    _ analysis: TCPSegmentAnalysis
  ) -> StreamOutput {
    var reader = StreamReader(stream: analysis.stream)
    var found = StreamOutput()
    reader.application = application(of: analysis)
    reader.read(octets, at: base, segment, &found)
    return found
  }
}

extension FieldWalk {
  /// Adds the messages that end in a segment.
  mutating func addStreamMessages(
    _ octets: Span<UInt8>, _ transport: Transport, _ layer: FieldLayer
  ) {
    guard let place = layer.history else { return }
    let analysis = segments[place].analysis
    let ports = (source: octets.u16(at: layer.start), destination: octets.u16(at: layer.start &+ 2))
    let start = layer.start &+ Int(octets[layer.start &+ 12] >> 4) &* 4
    let flags = TCPHeader.Flags(rawValue: octets.u16(at: layer.start &+ 12) & 0x0fff)
    guard start <= transport.end, start < transport.end || flags.contains(.fin),
      !flags.contains(.rst)
    else { return }
    let number = octets.u32(at: layer.start &+ 4) &+ (flags.contains(.syn) ? 1 : 0)
    let isQuoted = layer.quotedBy != nil
    let segment = StreamReader.Segment(
      number: number, ports: ports, isFromLow: analysis.isFromLow, packet: self.number, time: now,
      wireCount: transport.bounds.wireEnd &- start,
      isWhole: transport.bounds.wireEnd == transport.end && !transport.isFragment && !isQuoted,
      isLast: flags.contains(.fin) && !isQuoted,
      isRefused: analysis.isRefused)
    let payload = octets.extracting(start..<transport.end)
    let found =
      isQuoted
      ? readers.quote(payload, at: start, segment, analysis)
      : readers.read(payload, at: start, segment, analysis)
    for layer in found.layers { add(layer, of: found, octets, transport) }
  }

  /// Adds a layer that was found in a stream.
  private mutating func add(
    _ found: FieldLayer, of output: StreamOutput, _ octets: Span<UInt8>, _ transport: Transport
  ) {
    var layer = found
    layer.quotedBy = transport.bounds.quotedBy
    layer.history = found.history.map { keep(output.exchanged[$0]) }
    guard layer.source > 0 else {
      layer.source = transport.bounds.source
      return append(layer, octets, transport)
    }
    let whole = output.sources[layer.source &- 1]
    layer.source = source(of: whole)
    append(layer, whole.span, transport)
  }

  /// What stands for `octets` in layers; those of several layers are kept once.
  private mutating func source(of octets: [UInt8]) -> Int {
    if let last = reassembled.last, last.count == octets.count, last == octets {
      return reassembled.count
    }
    return keep(octets)
  }

  private mutating func append(
    _ layer: FieldLayer, _ octets: Span<UInt8>, _ transport: Transport
  ) {
    guard layer.kind == .dns else {
      append(layer)
      guard layer.kind == .webSocket, let start = layer.place(0, 2) else { return }
      return names.addMessage(octets[start], octets[start &+ 1])
    }
    var bounds = transport.bounds
    bounds.source = layer.source
    addDNS(octets, layer.start, layer.end, bounds, port: 53)
  }
}

extension TCPSegmentAnalysis {
  /// It repeats what was sent, or comes late: others have been read instead of it.
  var isRefused: Bool {
    !findings.isDisjoint(
      with: [.retransmission, .spuriousRetransmission, .outOfOrder, .keepAlive])
  }
}
