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
  /// The figures.
  var order = FieldOrder.usual
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
    var received: Int
    var geometricMean: Nanoseconds
    var jitter, meanJitter, worstJitter, smoothJitter: Nanoseconds

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
      received = hop.answered
      geometricMean = Nanoseconds(Int64(hop.geometricMean.value(from: best, to: worst).rounded()))
      jitter = hop.lastChange ?? .zero
      meanJitter = Nanoseconds(Int64((hop.variation.meanMagnitude ?? 0).rounded()))
      worstJitter = hop.variation.magnitudes.maximum
      smoothJitter = hop.jitter ?? .zero
    }

    /// What stands in a column.
    enum Value {
      case share(Double)
      case count(Int)
      case delay(Nanoseconds)
    }

    subscript(field: MonitorField) -> Value {
      switch field {
      case .loss: .share(loss)
      // In its tables mtr has this where it has a gap elsewhere.
      case .dropped, .blank: .count(lost)
      case .received: .count(received)
      case .sent: .count(sent)
      case .newest: .delay(last)
      case .best: .delay(best)
      case .mean: .delay(mean)
      case .worst: .delay(worst)
      case .deviation: .delay(deviation)
      case .geometricMean: .delay(geometricMean)
      case .jitter: .delay(jitter)
      case .meanJitter: .delay(meanJitter)
      case .worstJitter: .delay(worstJitter)
      case .smoothJitter: .delay(smoothJitter)
      }
    }
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
    for field in order.fields {
      let start = text.count
      text.append(field.heading)
      text.padLeft(from: start, to: field.width)
    }
    text.newline()
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
    for field in order.fields {
      let start = text.count
      switch figures[field] {
      case _ where field == .blank: break
      case .share(let share):
        text.append(fixedPoint: Int64((share * 1_000).rounded()), places: 1)
        // As mtr, which has no room for the sign behind 100.0.
        if share < 0.9995 { text.append("%") }
      case .count(let count): text.append(decimal: count)
      case .delay(let delay): text.append(delay, in: .milliseconds, decimals: 1)
      }
      text.padLeft(from: start, to: field.width)
    }
  }

  // MARK: For programs

  /// mtr's table. `version` and the seconds since 1970 stand in each line.
  func appendCSV(
    _ flow: RouteFlow, version: String, startedAt time: WallInstant, to text: inout TextBuffer
  ) {
    text.append("Mtr_Version,Start_Time,Status,Host,Hop,Ip,")
    if system != nil { text.append("Asn,") }
    for field in order.fields { text.append("\(field.heading),") }
    text.newline()
    for hop in flow.hops {
      let figures = Figures(hop)
      text.append("wirewalk.\(version),\(time.nanoseconds / 1_000_000_000),OK,")
      text.append(cell: SafeText.escaped(host))
      text.append(",\(hop.timeToLive),")
      text.append(cell: hop.address.map(name) ?? "???")
      if let system { text.append(",\(system(hop.address))") }
      for field in order.fields {
        text.append(",")
        switch figures[field] {
        case .share(let share):
          text.append(fixedPoint: Int64((share * 10_000).rounded()), places: 2)
        case .count(let count): text.append(decimal: count)
        case .delay(let delay): text.append(delay, in: .milliseconds, decimals: 2)
        }
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
    for (place, field) in order.fields.enumerated()
    where field != .blank && order.fields.firstIndex(of: field) == place {
      switch figures[field] {
      case .share(let share):
        object.field(
          field.heading, fixedPoint: Int64((share * 100_000).rounded()), places: 3)
      case .count(let count): object.field(field.heading, count)
      case .delay(let delay):
        object.field(field.heading, fixedPoint: (delay.count + 500) / 1_000, places: 3)
      }
    }
  }
}
