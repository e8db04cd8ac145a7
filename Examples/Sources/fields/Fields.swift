import CaptureFile
import ExampleShell
import PacketFields
import PacketText
import PacketWire

/// Prints a table of fields by tshark's names, of all packets or of those that pass a display filter:
///
///     fields web.pcap frame.number,ip.src,http.request.uri 'http.request or tcp.flags.reset == 1'
///
/// A `FieldPrinter` reads fields that depend on earlier packets too, such as `tcp.stream`; so it is
/// given all packets, and asks the filter itself.
@main
struct Fields {
  static func main() {
    let command = Command(usage: "fields FILE NAME[,NAME]... [FILTER]", arguments: 2...3)
    let names = command.arguments[1].split(separator: ",", omittingEmptySubsequences: false)
    let fields = names.map { word in
      guard let field = PacketField.named(String(word)) else {
        command.refuse("there is no field '\(word)'; \(PacketField.advice(on: String(word)))")
      }
      return field
    }
    var filter: DisplayFilter?
    if command.arguments.count > 2 {
      let expression = command.arguments[2]
      do throws(DisplayFilterError) {
        // Regular expressions want a library: who has one hands it over as `Surroundings`.
        filter = try DisplayFilter(expression)
      } catch {
        command.refuse("\(error)", details: error.marked(in: expression))
      }
    }
    var printer = FieldPrinter(fields, where: filter)
    command.run { try printTable(of: command.arguments[0], &printer) }
  }

  private static func printTable(of path: String, _ printer: inout FieldPrinter) throws {
    var text = TextBuffer()
    defer { write(&text) }
    printer.appendHeader(into: &text)
    try forEachPacket(of: path) { packet, octets in
      let frame = Frame(
        decoding: octets, linkType: packet.linkType, originalLength: packet.originalLength)
      let described = FieldPacket(
        number: packet.number, time: packet.time, originalLength: packet.originalLength)
      printer.append(described, frame, octets, into: &text)
      if text.count > 65_536 { write(&text) }
    }
  }
}
