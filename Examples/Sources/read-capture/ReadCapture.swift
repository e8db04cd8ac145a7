import CaptureFile
import ExampleShell
import PacketText
import PacketWire

/// Prints a capture a line a packet, as tcpdump does, and at the end how much of it could be read.
///
/// A file becomes packets (CaptureFile), a packet's octets become headers (PacketWire), and those a
/// line of text (PacketText). Nothing that a packet holds can end the loop: what cannot be read says
/// so in its line.
@main
struct ReadCapture {
  static func main() {
    let command = Command(usage: "read-capture FILE", arguments: 1...1)
    command.run { try readCapture(command.arguments[0]) }
  }

  private static func readCapture(_ path: String) throws {
    var options = PacketTextOptions()
    (options.isNumeric, options.timestamp) = (true, .sinceFirst)
    // A printer remembers the connections it has seen: sequence numbers count from their start.
    var printer = PacketPrinter(options)
    var text = TextBuffer()
    // What was read before a file turns out to be damaged is printed all the same.
    defer { write(&text) }
    var (packets, cut, broken) = (0, 0, 0)
    try forEachPacket(of: path) { packet, octets in
      let frame = Frame(
        decoding: octets, linkType: packet.linkType, originalLength: packet.originalLength)
      printer.line(
        for: frame, octets: octets, number: packet.number, at: packet.time,
        originalLength: packet.originalLength, into: &text)
      packets += 1
      if packet.capturedLength < packet.originalLength { cut += 1 }
      if frame.problem != nil { broken += 1 }
      if text.count > 65_536 { write(&text) }
    }
    text.append("\(packets) packets, \(cut) cut by the capture, \(broken) not read to the end\n")
  }
}
