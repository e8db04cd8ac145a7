import FlowAnalysis

/// When a connection agreed on keys, and when enciphered data went there and back.
struct TLSMarks: Sendable {
  /// The keys are confirmed.
  private(set) var agreed: PacketMark?
  /// The client's first data.
  private(set) var request: PacketMark?
  /// The client's last data before the answer.
  private(set) var requestEnd: PacketMark?
  /// The server's first data that can be read, after it had the request: the end of a record.
  private(set) var answerStart: PacketMark?
  /// The server's last data before either side closed.
  private(set) var answerEnd: PacketMark?
  /// Octets of the server's records with data.
  private(set) var octets: Int64 = 0

  private var version: UInt16 = 0
  private var changed = [false, false]
  /// The position behind the first data of the request.
  private var position: Int64 = 0
  private var isClosing = false

  /// A record with a Finished message of TLS 1.3 is no longer than this: header, message header, a digest
  /// of 48 octets, the inner type and the seal (RFC 8446 §4.4.4, §5.2).
  static let longestFinished = 5 + 4 + 48 + 1 + 16

  mutating func note(
    _ tls: TLSFacts, _ tcp: TCPFacts, clientISN: UInt32?, _ mark: PacketMark
  ) {
    if let hello = tls.serverHello, !hello.isRetryRequest { version = hello.version }
    if tls.changeCipherOctets > 0 { changed[tcp.sender == .client ? 0 : 1] = true }
    if version != 0 {
      if tcp.sender == .client {
        client(tls, tcp, mark)
      } else {
        server(tls, tcp, clientISN, mark)
      }
    }
    if tcp.closing?.fin != nil { isClosing = true }
  }

  private mutating func client(_ tls: TLSFacts, _ tcp: TCPFacts, _ mark: PacketMark) {
    var hasData = tls.dataOctets > 0
    if agreed == nil {
      if version >= 0x0304 {
        // Until here only the server's side was enciphered: this is the client's Finished, and the
        // request may be in the same segment.
        guard hasData else { return }
        agreed = mark
        hasData = tls.dataOctets > Self.longestFinished
      } else if changed == [true, true] {
        agreed = mark
      }
    }
    // An octet after the answer began belongs to what comes next, or to the end.
    guard hasData, agreed != nil, answerStart == nil, !isClosing else { return }
    if request == nil { (request, position) = (mark, tcp.positions.upperBound) }
    requestEnd = mark
  }

  private mutating func server(
    _ tls: TLSFacts, _ tcp: TCPFacts, _ clientISN: UInt32?, _ mark: PacketMark
  ) {
    if agreed == nil, version < 0x0304, changed == [true, true] { agreed = mark }
    guard tls.dataOctets > 0, request != nil, !isClosing || answerStart == nil else { return }
    if answerStart == nil {
      if let clientISN {
        // No answer before the request has arrived.
        let received = Int64(tcp.acknowledgmentNumber &- clientISN)
        guard received >= position else { return }
      }
      guard !tls.dataRecords.areTickets else { return }
      if tls.dataRecords.count > 0 { answerStart = mark }
    }
    answerEnd = mark
    octets += Int64(tls.dataOctets)
  }
}

extension TLSRecordEnds {
  /// What a server says of itself after TLS 1.3's handshake: tickets for later (RFC 8446 §4.6.1). They
  /// are enciphered too; that several short records are of the same length tells them from an answer. A
  /// single one cannot be told.
  fileprivate var areTickets: Bool { count > 1 && shortest == longest && longest < 1_024 }
}
