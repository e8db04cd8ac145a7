import EventJSON
import PacketText
import PacketWire

/// The events of `sniff-swift --json` (docs/OUTPUT.md): one `packet` a frame, each a line.
struct PacketEvents: ~Copyable {
  private var printer: PacketPrinter
  /// The line of the packet at hand.
  private var line = TextBuffer(capacity: 512)
  /// The interfaces that packets are captured on, where there are several.
  var origins: [String] = []

  /// Events that name interfaces, where `interfaceName` knows them.
  init(interfaceName: ((UInt32) -> String?)?) {
    // The same words as the line of text has, without time and names of hosts.
    var options = PacketTextOptions()
    (options.isNumeric, options.timestamp) = (true, .none)
    options.showsAbsoluteSequenceNumbers = true
    printer = PacketPrinter(options)
    printer.interfaceName = interfaceName
  }

  /// Appends the event of one packet, its line ended.
  mutating func append(
    _ packet: SniffedPacket, _ frame: Frame, _ octets: Span<UInt8>, to text: inout TextBuffer
  ) {
    line.removeAll()
    printer.line(
      for: frame, octets: octets, number: packet.number, at: packet.time,
      originalLength: packet.originalLength, into: &line)
    // Without the line feed.
    line.truncate(to: line.count - 1)
    text.appendEvent("packet") { event in
      event.field("number", packet.number)
      event.field("time_ns", packet.time)
      event.field("link_type", packet.linkType.rawValue)
      if let index = packet.interface, index < origins.count {
        event.field("interface", origins[index])
      }
      event.field("bytes", packet.originalLength)
      event.field("captured_bytes", octets.count)
      if let process = packet.process {
        event.object("process") { object in
          object.field("id", process.number)
          object.field("name", process.name)
        }
      }
      Self.fillNetwork(&event, frame)
      Self.fillTransport(&event, frame)
      if let problem = frame.problem { Self.fill(&event, problem) }
      line.withSpan { event.field("text", utf8: $0) }
    }
    text.newline()
  }

  private static func fillNetwork(_ event: inout JSONObject, _ frame: Frame) {
    if let vlan = frame.vlan { event.field("vlan", vlan.identifier) }
    if let type = frame.etherType { event.field("ether_type", type.rawValue) }
    guard let addresses = frame.addresses else { return }
    event.field("src", addresses.source)
    event.field("dst", addresses.destination)
    event.field("ip_protocol", frame.protocolNumber?.rawValue)
    switch frame.network {
    case .ipv4(let header): event.field("ttl", header.timeToLive)
    case .ipv6(let header): event.field("ttl", header.hopLimit)
    case .arp, .none: break
    }
  }

  private static func fillTransport(_ event: inout JSONObject, _ frame: Frame) {
    if let ports = frame.ports {
      event.field("src_port", ports.source)
      event.field("dst_port", ports.destination)
    }
    switch frame.transport {
    case .tcp(let header):
      event.object("tcp") { object in
        object.field("flags", header.flags.rawValue)
        object.field("seq", header.sequenceNumber)
        object.field("ack", header.acknowledgmentNumber)
        object.field("window", header.window)
        object.field("payload_bytes", frame.payloadLength)
      }
    case .udp: event.object("udp") { $0.field("payload_bytes", frame.payloadLength) }
    case .icmpv4(let header): fill(&event, header.type.rawValue, header.code)
    case .icmpv6(let header): fill(&event, header.type.rawValue, header.code)
    default: break
    }
  }

  private static func fill(_ event: inout JSONObject, _ type: UInt8, _ code: UInt8) {
    event.object("icmp") { object in
      object.field("type", type)
      object.field("code", code)
    }
  }

  private static func fill(_ event: inout JSONObject, _ problem: PacketError) {
    event.object("problem") { object in
      object.field("layer", problem.layer.name)
      object.field("offset", problem.offset)
      object.field("reason", "\(problem.reason)")
    }
  }
}
