import FlowAnalysis
import PacketText
import PacketWire

extension PacketField {
  /// Heads of HTTP/1.x (RFC 9112), with the segment in which their message ends.
  static let http: [PacketField] = [
    request("http.request", "1 in a request", isNotification: false),
    request("http.notification", "1 in a request of UPnP's events", isNotification: true),
    request("http.request.method", "method of a request") { $0.words.0 },
    request("http.request.uri", "target of a request, as it was sent") { $0.words.1 },
    request("http.request.version", "version of a request") { $0.words.2 },
    .init(
      "http.request.full_uri", .string, "whole address that a request is for", in: .http,
      .function { layer, _, octets, cell, out in
        appendAddress(octets.extracting(layer.start..<layer.end), &cell, &out)
      }),
    httpField("http.host", "whom a request is for", "host"),
    httpField("http.user_agent", "what program asks", "user-agent"),
    httpField("http.referer", "where the link was", "referer"),
    httpField("http.cookie", "cookies of a client", "cookie"),
    status("http.response", .boolean, "1 in a response") { _, _, cell, out in
      cell.append(decimal: 1, &out)
    },
    status("http.response.code", .unsigned(16), "status code of a response") {
      line, status, cell, out in
      if case .status(let code) = status.kind { cell.append(decimal: code, &out) }
    },
    status("http.response.phrase", .string, "what a response says of its status") {
      line, status, cell, out in
      guard !status.words.2.isEmpty else { return }
      cell.append(text: line.extracting(status.words.2), &out)
    },
    httpField("http.server", "what program answers", "server"),
    httpField("http.location", "where it is to be found instead", "location"),
    httpField("http.set_cookie", "a cookie for the client", "set-cookie"),
    httpField("http.content_length_header", "length that a head says", "content-length"),
    httpField("http.content_type", "media type", "content-type"),
    httpField("http.content_encoding", "how the content is packed", "content-encoding"),
    httpField("http.transfer_encoding", "how the body is sent", "transfer-encoding"),
  ]

  private static let notifications = ["NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE"]

  /// 1 in a request whose method is one of UPnP's events, or is none.
  private static func request(
    _ name: String, _ meaning: String, isNotification: Bool
  ) -> PacketField {
    .init(
      name, .boolean, meaning, in: .http,
      .function { layer, _, octets, cell, out in
        let head = octets.extracting(layer.start..<layer.end)
        let line = head.extracting(head.httpLine(at: 0).content)
        guard let start = HTTPStartLine(line), case .request = start.kind else { return }
        let method = line.extracting(start.words.0)
        let isOne = notifications.contains {
          method.count == $0.utf8.count && method.begins(with: $0)
        }
        if isOne == isNotification { cell.append(decimal: 1, &out) }
      })
  }

  /// Appends the target of a request behind its host (RFC 9110 §7.1), or as it is if it is whole. Without
  /// a host there is none, as in tshark.
  private static func appendAddress(
    _ head: Span<UInt8>, _ cell: inout FieldCell, _ out: inout TextBuffer
  ) {
    let line = head.httpLine(at: 0)
    let first = head.extracting(line.content)
    guard let start = HTTPStartLine(first), case .request(let method) = start.kind else { return }
    let target = first.extracting(start.words.1)
    let isWhole =
      method == .connect || target.begins(with: "http://") || target.begins(with: "https://")
    var next = line.next
    while next < head.count {
      let line = head.httpLine(at: next)
      guard !line.content.isEmpty else { return }
      next = line.next
      guard let field = head.httpField(in: line.content),
        head.isSameASCII(as: "host", in: field.name)
      else { continue }
      guard !isWhole else { return cell.append(text: target, &out) }
      let host = [UInt8](copying: head.extracting(field.value))
      let address = Array("http://".utf8) + host + [UInt8](copying: target)
      return cell.append(text: address.span, &out)
    }
  }

  /// A word of a request line.
  private static func request(
    _ name: String, _ meaning: String, _ word: @escaping @Sendable (HTTPStartLine) -> Range<Int>
  ) -> PacketField {
    .init(
      name, .string, meaning, in: .http,
      .function { layer, _, octets, cell, out in
        let line = octets.extracting(layer.start..<layer.end)
        let first = line.extracting(line.httpLine(at: 0).content)
        guard let start = HTTPStartLine(first), case .request = start.kind,
          !word(start).isEmpty
        else { return }
        cell.append(text: first.extracting(word(start)), &out)
      })
  }

  /// A field of a status line.
  private static func status(
    _ name: String, _ type: FieldType, _ meaning: String,
    append:
      @escaping @Sendable (Span<UInt8>, HTTPStartLine, inout FieldCell, inout TextBuffer) ->
      Void
  ) -> PacketField {
    .init(
      name, type, meaning, in: .http,
      .function { layer, _, octets, cell, out in
        let line = octets.extracting(layer.start..<layer.end)
        let first = line.extracting(line.httpLine(at: 0).content)
        guard let start = HTTPStartLine(first), case .status = start.kind else { return }
        append(first, start, &cell, &out)
      })
  }

  /// The values of the fields with one name, which is of small letters.
  private static func httpField(
    _ name: String, _ meaning: String, _ wanted: String
  ) -> PacketField {
    .init(
      name, .string, meaning, in: .http,
      .function { layer, _, octets, cell, out in
        let head = octets.extracting(layer.start..<layer.end)
        var next = head.httpLine(at: 0).next
        while next < head.count {
          let line = head.httpLine(at: next)
          guard !line.content.isEmpty else { return }
          next = line.next
          guard let field = head.httpField(in: line.content),
            head.isSameASCII(as: wanted, in: field.name)
          else { continue }
          cell.append(text: head.extracting(field.value), &out)
        }
      })
  }
}
