import PacketText
import PacketWire

extension PacketField {
  /// Which conversation a datagram belongs to, and when it came there.
  static let udpStreams: [PacketField] = [
    datagram("udp.stream", .unsigned(32), "number of the conversation, from 0", .datagrams) {
      $1.append(decimal: $0.stream, &$2)
    },
    datagram(
      "udp.time_relative", .relativeTime, "seconds since the conversation's first datagram",
      [.datagrams, .datagramTimes]
    ) {
      if let time = $0.sinceFirst { $1.append(seconds: time, &$2) }
    },
    datagram(
      "udp.time_delta", .relativeTime, "seconds since its datagram before",
      [.datagrams, .datagramTimes]
    ) {
      if let time = $0.sincePrevious { $1.append(seconds: time, &$2) }
    },
  ]

  /// What messages of the DNS answer or repeat.
  static let dnsExchanges: [PacketField] = [
    message("dns.response_to", .frameNumber, "the packet with the question", in: .dns) {
      if let request = $0.answers?.request { $1.append(decimal: request, &$2) }
    },
    message("dns.time", .relativeTime, "how long after the question, in seconds", in: .dns) {
      if let time = $0.answers?.after { $1.append(seconds: time, &$2) }
    },
    message("dns.unsolicited", .boolean, "1 in an answer to no question", in: .dns) {
      if $0.isUnsolicited { $1.append(decimal: 1, &$2) }
    },
    message("dns.retransmission", .boolean, "1 in a message that was sent before", in: .dns) {
      if $0.repeats != nil { $1.append(decimal: 1, &$2) }
    },
    copy("dns.retransmit_request", .label, "asks once more", isResponse: false) { _, cell, out in
      cell.append(decimal: 1, &out)
    },
    copy(
      "dns.retransmit_request_in", .frameNumber, "the packet that asked first", isResponse: false
    ) {
      $1.append(decimal: $0, &$2)
    },
    copy("dns.retransmit_response", .label, "answers once more", isResponse: true) {
      _, cell, out in cell.append(decimal: 1, &out)
    },
    copy(
      "dns.retransmit_response_in", .frameNumber, "the packet that answered first", isResponse: true
    ) {
      $1.append(decimal: $0, &$2)
    },
  ]

  /// What messages of HTTP/1.x answer and follow.
  static let httpExchanges: [PacketField] = [
    message("http.request_in", .frameNumber, "the packet with the request", in: .http) {
      if let request = $0.answers?.request { $1.append(decimal: request, &$2) }
    },
    message("http.time", .relativeTime, "how long after the request, in seconds", in: .http) {
      if let time = $0.answers?.after { $1.append(seconds: time, &$2) }
    },
    message(
      "http.prev_request_in", .frameNumber, "the packet with the request before", in: .http
    ) {
      if let packet = $0.previousRequest { $1.append(decimal: packet, &$2) }
    },
    message(
      "http.prev_response_in", .frameNumber, "the packet with the response before", in: .http
    ) {
      if let packet = $0.previousResponse { $1.append(decimal: packet, &$2) }
    },
  ]

  typealias DatagramFunction =
    @Sendable (DatagramFacts, inout FieldCell, inout TextBuffer) -> Void
  typealias MessageFunction = @Sendable (MessageFacts, inout FieldCell, inout TextBuffer) -> Void

  private static func datagram(
    _ name: String, _ type: FieldType, _ meaning: String, _ needs: FieldNeeds,
    _ function: @escaping DatagramFunction
  ) -> PacketField {
    .init(name, type, meaning, in: .udp, needs: needs, .datagram(function))
  }

  private static func message(
    _ name: String, _ type: FieldType, _ meaning: String, in layer: FieldLayer.Kind,
    _ function: @escaping MessageFunction
  ) -> PacketField {
    .init(name, type, meaning, in: layer, needs: .exchanges, .message(function))
  }

  /// A field of messages of the DNS that were sent before; told the packet with the first one.
  private static func copy(
    _ name: String, _ type: FieldType, _ meaning: String, isResponse: Bool,
    _ function: @escaping @Sendable (Int, inout FieldCell, inout TextBuffer) -> Void
  ) -> PacketField {
    message(name, type, meaning, in: .dns) {
      guard let first = $0.repeats, $0.isResponse == isResponse else { return }
      function(first, &$1, &$2)
    }
  }
}
