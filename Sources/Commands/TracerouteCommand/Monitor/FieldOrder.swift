import CommandLineKit

/// One of mtr's figures, by the letter that stands for it there.
enum MonitorField: Character, CaseIterable {
  case blank = " "
  case loss = "L"
  case dropped = "D"
  case received = "R"
  case sent = "S"
  case newest = "N"
  case best = "B"
  case mean = "A"
  case worst = "W"
  case deviation = "V"
  case geometricMean = "G"
  case jitter = "J"
  case meanJitter = "M"
  case worstJitter = "X"
  case smoothJitter = "I"

  /// The one of a letter, small or not, as it is typed.
  init?(typed octet: UInt8) {
    let isSmall = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet)
    self.init(rawValue: Character(UnicodeScalar(isSmall ? octet & 0xdf : octet)))
  }

  /// mtr's heading, which is also the name in its tables and documents.
  var heading: String {
    switch self {
    case .blank: " "
    case .loss: "Loss%"
    case .dropped: "Drop"
    case .received: "Rcv"
    case .sent: "Snt"
    case .newest: "Last"
    case .best: "Best"
    case .mean: "Avg"
    case .worst: "Wrst"
    case .deviation: "StDev"
    case .geometricMean: "Gmean"
    case .jitter: "Jttr"
    case .meanJitter: "Javg"
    case .worstJitter: "Jmax"
    case .smoothJitter: "Jint"
    }
  }

  /// What it is, for who chooses.
  var meaning: String {
    switch self {
    case .blank: "a gap between columns"
    case .loss: "share of probes without an answer"
    case .dropped: "probes without an answer"
    case .received: "answers"
    case .sent: "probes sent"
    case .newest: "the newest round trip"
    case .best: "the shortest"
    case .mean: "their mean"
    case .worst: "the longest"
    case .deviation: "their standard deviation"
    case .geometricMean: "their geometric mean"
    case .jitter: "change from the last answer to this one"
    case .meanJitter: "mean change"
    case .worstJitter: "largest change"
    case .smoothJitter: "jitter (RFC 3550)"
    }
  }

  /// Of its column in mtr's report, the blank before it included.
  var width: Int {
    switch self {
    case .blank: 1
    case .dropped, .jitter, .meanJitter, .worstJitter, .smoothJitter: 5
    default: 6
    }
  }
}

/// Which figures are shown, and in which order: mtr's `-o`.
struct FieldOrder: Hashable, Sendable {
  /// As mtr has it: no more fit there either.
  static let limit = 20
  /// mtr's own.
  static let usual = FieldOrder(known: "LS NABWV")

  let fields: [MonitorField]

  private init(known letters: String) { fields = letters.compactMap { MonitorField(rawValue: $0) } }

  /// Letters, small or not.
  init(argument text: String) throws(UsageError) {
    let known = text.utf8.compactMap { MonitorField(typed: $0) }
    guard known.count == text.utf8.count, known.count <= Self.limit,
      known.contains(where: { $0 != .blank })
    else {
      throw UsageError(
        "\(UsageError.quoted(text)) is no order of fields, up to \(Self.limit) of mtr's letters LDRSNBAWVGJMXI and blanks, such as 'LS NABWV'"
      )
    }
    fields = known
  }

  /// The letters.
  var text: String { String(fields.map(\.rawValue)) }
}
