import FlowAnalysis
import PacketWire
import PageStory

/// The numbers in tables.
struct NumberTables {
  let summary: StorySummary
  let report: StoryReport

  /// More rows than anybody reads.
  private static let maximumRows = 200

  func append(to writer: inout HTMLWriter) {
    writer.markup("<section aria-labelledby=\"numbers\">\n<h2 id=\"numbers\">The numbers</h2>\n")
    appendTotals(to: &writer)
    table(
      "Connections opened", ["Connection", "Who", "Packets", "Took", "Round trip to the server"],
      summary.handshakes.map(\.cells), to: &writer)
    table(
      "Names looked up", ["Packets", "Question", "Answer", "After"], summary.lookups.map(\.cells),
      to: &writer)
    table(
      "Races of connections", ["For", "Asked", "Attempts"], summary.races.map(\.cells), to: &writer)
    table(
      "Connections over TLS", ["Connection", "Hellos", "Site asked for", "Agreed on"],
      summary.encryptions.map(\.cells), to: &writer)
    table(
      "What programs are known by: hints, for many share one, and any can send another's hello",
      ["Packet", "Connection", "Program", "Fingerprint"],
      summary.encryptions.flatMap(\.fingerprintRows), to: &writer)
    table(
      "WebSockets", ["Connection", "Opened by", "To the server", "Back", "Pings", "End"],
      summary.webSockets.map(\.cells), to: &writer)
    table(
      "WebSocket messages", ["Packet", "Connection", "Goes to", "What", "Bytes", "Content"],
      summary.messages.map(\.cells), to: &writer)
    table(
      "Flows: packets and bytes from the first side and to it",
      ["Flow", "Ends", "Protocol", "Packets", "Bytes", "Lasted"], summary.flows.map(\.cells),
      to: &writer)
    table(
      "What went wrong", ["Trouble"], summary.warnings.map { [$0.sentence] }, to: &writer)
    writer.markup("</section>\n")
  }

  private func appendTotals(to writer: inout HTMLWriter) {
    table(
      "All in all", ["What", "How much"],
      [
        ["Packets", "\(summary.packets)"],
        ["Bytes on the wire", "\(summary.octets)"],
        ["From the first packet to the last", Words.duration(summary.duration)],
        ["Connections opened", "\(summary.handshakes.count)"],
        ["Names looked up", "\(summary.lookups.count)"],
        ["Requests seen", "\(summary.exchanges.count)"],
      ], to: &writer)
  }

  private func table(
    _ title: String, _ columns: [String], _ rows: [[String]], to writer: inout HTMLWriter
  ) {
    guard !rows.isEmpty else { return }
    writer.markup("<table class=\"wide\"><caption>")
    writer.text(title)
    writer.markup("</caption>\n<thead><tr>")
    for column in columns {
      writer.markup("<th scope=\"col\">")
      writer.text(column)
      writer.markup("</th>")
    }
    writer.markup("</tr></thead>\n<tbody>\n")
    for row in rows.prefix(Self.maximumRows) {
      writer.markup("<tr><th scope=\"row\">")
      for (index, cell) in row.enumerated() {
        if index == 1 { writer.markup("</th>") }
        if index > 0 {
          writer.markup("<td data-is=\"")
          writer.text(columns[index])
          writer.markup("\">")
        }
        writer.text(cell, linking: report.hasStep)
        if index > 0 { writer.markup("</td>") }
      }
      writer.markup(row.count > 1 ? "</tr>\n" : "</th></tr>\n")
    }
    writer.markup("</tbody></table>\n")
    if rows.count > Self.maximumRows {
      writer.markup("<p>")
      writer.text("And \(rows.count - Self.maximumRows) more.")
      writer.markup("</p>\n")
    }
  }
}

extension StorySummary.Handshake {
  fileprivate var cells: [String] {
    [
      "\(flow)",
      "\(Words.who(client)) to \(Words.who(server)) port \(server.port ?? 0)",
      "#\(packets.syn.number), #\(packets.synAck.number), #\(packets.ack.number)",
      Words.duration(packets.duration), Words.duration(packets.serverRoundTrip),
    ]
  }
}

extension StorySummary.Lookup {
  fileprivate var cells: [String] {
    guard let response else { return ["#\(query.number)", question, "no answer", "-"] }
    return [
      "#\(query.number), #\(response.number)", question, answer,
      Words.duration(response.time - query.time),
    ]
  }
}

extension StorySummary.Race {
  fileprivate var cells: [String] {
    [subject, asked.isEmpty ? "-" : asked, attempts.map { words($0) }.joined(separator: "; ")]
  }
}

extension StorySummary.Encryption {
  fileprivate var cells: [String] {
    let hellos = [clientHello, serverHello].compactMap { $0.map { "#\($0.number)" } }
    return [
      "\(flow)", hellos.joined(separator: ", "), site.isEmpty ? "-" : site,
      agreed.isEmpty ? "no ServerHello here" : agreed,
    ]
  }

  fileprivate var fingerprintRows: [[String]] {
    fingerprints.map {
      [
        "#\($0.packet)", "\(flow)", $0.isClient ? "the client's" : "the server's",
        "\($0.name) \($0.value)",
      ]
    }
  }
}

extension StorySummary.WebSocket {
  fileprivate var cells: [String] {
    let answered = shortestPing.map { ", answered in \(Words.duration($0)) at the least" } ?? ""
    return [
      "\(flow)", "#\(upgrade.number)\(request.isEmpty ? "" : ": \(request)")", traffic(0),
      traffic(1),
      "\(pings)\(answered)", end,
    ]
  }
}

extension StorySummary.Message {
  fileprivate var cells: [String] {
    [
      "#\(mark.number)", "\(flow)", isFromClient ? "the server" : "the client", kind, "\(octets)",
      content,
    ]
  }
}

extension StorySummary.Flow {
  fileprivate var cells: [String] {
    [
      "\(id)", "\(Self.place(initiator)) to \(Self.place(responder))", protocolName,
      "\(packets[0]), \(packets[1])", "\(octets[0]), \(octets[1])", Words.duration(end - start),
    ]
  }

  private static func place(_ end: Endpoint?) -> String {
    guard let end else { return "?" }
    return Words.who(end) + (end.port.map { " port \($0)" } ?? "")
  }
}
