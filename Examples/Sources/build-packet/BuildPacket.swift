import ExampleShell
import PacketText
import PacketWire

/// Builds a DNS query in UDP in IPv4 octet by octet, prints it as a sniffer would and in hex, and reads
/// it back.
///
/// A header is a plain value: set its fields, let `fill` compute lengths and checksums (or set wrong
/// ones by hand), and `write` it. Reading and writing again gives the same octets, whatever they are.
@main
struct BuildPacket {
  static func main() {
    let command = Command(usage: "build-packet NAME", arguments: 1...1)
    guard let name = DNSName(command.arguments[0]) else {
      command.refuse("'\(command.arguments[0])' is no domain name")
    }
    command.run { try show(try packet(askingFor: name)) }
  }

  /// From the innermost layer out, since lengths and checksums cover what is inside.
  private static func packet(askingFor name: DNSName) throws(PacketError) -> [UInt8] {
    let (client, server) = (IPv4Address(198, 18, 0, 2), IPv4Address(203, 0, 113, 53))
    // A program that sends it takes a random identifier and port, so that no stranger guesses them.
    let query = DNSMessage(query: name, .aaaa, identifier: 0x1d5a)
    let question = [UInt8](capacity: query.length) { query.write(to: &$0) }

    var udp = UDPHeader(from: 40_053, to: 53)
    try udp.fill(payload: question.span, from: .v4(client), to: .v4(server))

    var ip = IPv4Header(protocolNumber: .udp, from: client, to: server)
    ip.identification = 0x2a
    ip.flagsAndOffset = 0x4000  // Don't fragment.
    try ip.fill(payloadLength: UDPHeader.length + question.count)

    return [UInt8](capacity: Int(ip.totalLength)) { out in
      ip.write(to: &out)
      udp.write(to: &out)
      out.append(copying: question.span)
    }
  }

  private static func show(_ packet: [UInt8]) throws {
    let frame = Frame(decoding: packet.span, linkType: .raw)
    var options = PacketTextOptions()
    (options.isNumeric, options.timestamp, options.verbosity) = (true, .none, 1)
    options.dump = .hexAndASCII(withLinkHeader: false)
    var printer = PacketPrinter(options)
    var text = TextBuffer()
    printer.line(
      for: frame, octets: packet.span, number: 1, at: WallInstant(nanoseconds: 0),
      originalLength: packet.count, into: &text)
    write(&text)

    guard case .ipv4(let ip) = frame.network, case .udp(let udp) = frame.transport else { return }
    var reader = PacketReader(packet.span.extracting(frame.payload))
    let query = try DNSMessage(parsing: &reader)
    print("read back: \(ip.source):\(udp.sourcePort) asks \(ip.destination):\(udp.destinationPort)")
    print("  for \(query.questions.map { "\($0.name)" }.joined()), identifier \(query.identifier)")
    print(
      "  IP checksum right: \(ip.isChecksumValid); UDP's: \(frame.transportChecksum(over: packet.span))"
    )
  }
}
