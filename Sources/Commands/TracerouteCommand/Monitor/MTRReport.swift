import EventJSON
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// A report in mtr's forms, so that whatever reads mtr's reads ours.
struct MTRReport {
  /// What this host is called.
  var source: String
  /// The target as it was typed.
  var host: String
  /// Names in full.
  var isWide = false
  /// The name of an address, or else the address; safe to print.
  var name: (IPAddress) -> String
  /// The autonomous system of an address, `AS64500`, or `AS???`; nil where nobody asked, as without mtr's -z.
  var system: ((IPAddress?) -> String)?

  /// A hop's figures, in milliseconds.
  struct Figures {
    var loss: Double
    var sent: Int
    var lost: Int
    var last: Nanoseconds
    var mean: Nanoseconds
    var best: Nanoseconds
    var worst: Nanoseconds
    var deviation: Nanoseconds

    init(_ hop: RouteHop) {
      // What is still on its way counts neither as sent nor as lost.
      (sent, lost, loss) = (hop.loss.sent, hop.lost, hop.loss.ratio)
      if hop.answered == 0 {
        (sent, lost, loss) = (hop.lost + hop.silent, hop.lost + hop.silent, 1)
      }
      last = hop.last ?? .zero
      mean = Nanoseconds(Int64(hop.delays.mean.rounded()))
      (best, worst) = (hop.delays.minimum, hop.delays.maximum)
      // mtr's is that of a sample.
      let count = Double(hop.delays.count)
      let scale = count > 1 ? (count / (count - 1)).squareRoot() : 0
      deviation = Nanoseconds(Int64((hop.delays.standardDeviation * scale).rounded()))
    }

    var delays: [Nanoseconds] { [last, mean, best, worst, deviation] }
  }

  // MARK: Text

  /// The width of names, where they are not shown in full.
  private var usualWidth: Int { system == nil ? 25 : 28 - Self.systemWidth }
  private static let systemWidth = 9

  /// `HOST: here      Loss%   Snt   Last   Avg  Best  Wrst StDev`, a line a hop, and one for each further
  /// address.
  func append(_ flow: RouteFlow, to text: inout TextBuffer) {
    // mtr's own table is a column wider there.
    let width = isWide ? longestName(flow) + (system == nil ? 0 : 1) : usualWidth
    text.append("HOST: ")
    let headWidth = system == nil ? width + 2 : width + Self.systemWidth - 1
    appendName(SafeText.escaped(source), headWidth, &text)
    text.append(" Loss%   Snt   Last   Avg  Best  Wrst StDev\n")
    for hop in flow.hops {
      appendNumber(hop.timeToLive, &text)
      if let system {
        let name = system(hop.address)
        text.append(name)
        text.append(repeating: 0x20, count: max(1, Self.systemWidth - name.utf8.count))
      }
      appendName(hop.address.map(name) ?? "???", width, &text)
      append(Figures(hop), &text)
      text.newline()
      for source in hop.sources where source.address != hop.address {
        text.append("        ")
        text.append(clipped(name(source.address), width))
        text.newline()
      }
    }
  }

  private func longestName(_ flow: RouteFlow) -> Int {
    let names =
      flow.hops.flatMap { $0.sources.map { name($0.address) } } + [SafeText.escaped(source)]
    return names.map { DisplayWidth.columns(of: $0) }.max() ?? 0
  }

  private func clipped(_ name: String, _ width: Int) -> String {
    isWide ? name : DisplayWidth.clipped(name, to: width)
  }

  private func appendNumber(_ number: Int, _ text: inout TextBuffer) {
    let start = text.count
    text.append(decimal: number)
    text.padLeft(from: start, to: 3)
    text.append(system == nil ? ".|-- " : ". ")
  }

  private func appendName(_ name: String, _ width: Int, _ text: inout TextBuffer) {
    let name = clipped(name, width)
    text.append(name)
    text.append(repeating: 0x20, count: max(0, width - DisplayWidth.columns(of: name)))
  }

  private func append(_ figures: Figures, _ text: inout TextBuffer) {
    var start = text.count
    text.append(fixedPoint: Int64((figures.loss * 1_000).rounded()), places: 1)
    // As mtr, which has no room for the sign behind 100.0.
    if figures.loss < 0.9995 { text.append("%") }
    text.padLeft(from: start, to: 6)
    start = text.count
    text.append(decimal: figures.sent)
    text.padLeft(from: start, to: 6)
    for (place, delay) in figures.delays.enumerated() {
      start = text.count
      text.append(delay, in: .milliseconds, decimals: 1)
      text.padLeft(from: start, to: place == 0 ? 7 : 6)
    }
  }

  // MARK: For programs

  /// mtr's table. `version` and the seconds since 1970 stand in each line.
  func appendCSV(
    _ flow: RouteFlow, version: String, startedAt time: WallInstant, to text: inout TextBuffer
  ) {
    text.append("Mtr_Version,Start_Time,Status,Host,Hop,Ip,")
    if system != nil { text.append("Asn,") }
    text.append("Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,\n")
    for hop in flow.hops {
      let figures = Figures(hop)
      text.append("wirewalk.\(version),\(time.nanoseconds / 1_000_000_000),OK,")
      text.append(cell: SafeText.escaped(host))
      text.append(",\(hop.timeToLive),")
      text.append(cell: hop.address.map(name) ?? "???")
      text.append(",")
      if let system { text.append("\(system(hop.address)),") }
      text.append(fixedPoint: Int64((figures.loss * 10_000).rounded()), places: 2)
      text.append(",\(figures.sent),\(figures.lost)")
      for delay in figures.delays {
        text.append(",")
        text.append(delay, in: .milliseconds, decimals: 2)
      }
      text.newline()
    }
  }

  /// mtr's document, on one line.
  func appendJSON(
    _ flow: RouteFlow, typeOfService: UInt8, rounds: Int, packetLength: Int,
    to text: inout TextBuffer
  ) {
    text.appendObject { document in
      document.object("report") { report in
        report.object("mtr") { object in
          object.field("src", source)
          object.field("dst", host)
          object.field("tos", typeOfService)
          object.field("tests", rounds)
          // A string, as it is there.
          object.field("psize", "\(packetLength)")
        }
        report.array("hubs") { array in
          for hop in flow.hops {
            array.object { append(hop, to: &$0) }
          }
        }
      }
    }
  }

  private func append(_ hop: RouteHop, to object: inout JSONObject) {
    let figures = Figures(hop)
    object.field("count", hop.timeToLive)
    object.field("host", hop.address.map(name) ?? "???")
    if let system { object.field("ASN", system(hop.address)) }
    object.field(
      "Loss%", fixedPoint: Int64((figures.loss * 100_000).rounded()), places: 3)
    object.field("Snt", figures.sent)
    for (name, delay) in zip(["Last", "Avg", "Best", "Wrst", "StDev"], figures.delays) {
      object.field(name, fixedPoint: (delay.count + 500) / 1_000, places: 3)
    }
  }
}
