import PacketText
import PacketWire

/// A table of what became of each probe, as RFC 4180 has it: commas, lines that end in CR LF, and
/// quotation marks where a cell needs them.
enum PingCSV {
  /// What a row tells of.
  enum Event: String, CaseIterable {
    case reply
    case late
    case duplicate
    case corrupted
    case lost
    case error
    case sendFailed = "send_failed"
  }

  /// A row; what does not apply is an empty cell.
  struct Row {
    /// When it happened.
    var time: WallInstant
    /// What happened.
    var event: Event
    /// The target as it was typed.
    var target: String
    /// The address that is probed.
    var address: IPAddress
    /// The probe, counted from 1.
    var number: UInt64
    /// Who answered.
    var from: IPAddress?
    /// What the answer had left of its TTL or hop limit.
    var timeToLive: UInt8?
    /// The ICMP message with its header, in octets.
    var length: Int?
    /// The round trip.
    var roundTrip: Nanoseconds?
    /// More in words, such as what an ICMP error says.
    var detail = ""
  }

  /// The first line: names of columns. Times are seconds since 1970-01-01T00:00:00Z, round trips
  /// milliseconds.
  static func header(_ text: inout TextBuffer) {
    text.append("time,event,target,address,seq,from,ttl,bytes,rtt_ms,detail\r\n")
  }

  /// A line.
  static func append(_ row: Row, _ text: inout TextBuffer) {
    text.append(
      Nanoseconds(row.time.nanoseconds), in: .seconds, decimals: 6, rounding: .towardZero)
    text.append(",")
    text.append(row.event.rawValue)
    text.append(",")
    text.append(cell: SafeText.escaped(row.target))
    text.append(",")
    text.append(row.address)
    text.append(",")
    text.append(decimal: row.number)
    text.append(",")
    if let from = row.from { text.append(from) }
    text.append(",")
    if let timeToLive = row.timeToLive { text.append(decimal: timeToLive) }
    text.append(",")
    if let length = row.length { text.append(decimal: length) }
    text.append(",")
    if let roundTrip = row.roundTrip { text.append(roundTrip, in: .milliseconds, decimals: 6) }
    text.append(",")
    text.append(cell: SafeText.escaped(row.detail))
    text.append("\r\n")
  }
}
