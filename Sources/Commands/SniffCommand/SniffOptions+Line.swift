import CommandLineKit
import PacketText

extension SniffOptions {
  /// How it is said what packets carry.
  static func sayContent(_ options: inout OptionWalk<Self>) {
    let words = PacketTextOptions.ForcedContent.allCases.map(\.rawValue).joined(separator: ", ")
    options.text(
      "T", nil, "TYPE",
      help: "print all datagrams as this, whatever their ports (domain: segments too): \(words)"
    ) { options, value throws(UsageError) in
      guard let content = PacketTextOptions.ForcedContent(rawValue: value) else {
        throw UsageError(
          "expected one of \(words), not \(UsageError.quoted(value)); "
            + "with -v content is recognised on any port")
      }
      options.forcedContent = content
    }
  }

  /// The line of each packet.
  var text: PacketTextOptions {
    var text = PacketTextOptions()
    text.isNumeric = numeric > 0
    text.showsLinkHeader = showsLinkHeader
    text.timestamp =
      switch times {
      case 0: .timeOfDay
      case 1: .none
      case 2: .epoch
      case 3: .sincePrevious
      case 4: .dateAndTime
      default: .sinceFirst
      }
    if printsNanoseconds { text.precision = .nanoseconds }
    if hex > 0 { text.dump = .hex(withLinkHeader: hex > 1) }
    if hexAndASCII > 0 { text.dump = .hexAndASCII(withLinkHeader: hexAndASCII > 1) }
    if ascii > 0 { text.dump = .ascii(withLinkHeader: ascii > 1) }
    text.showsAbsoluteSequenceNumbers = isAbsolute
    (text.isQuick, text.forcedContent) = (isQuick, forcedContent)
    text.numbersPackets = numbersPackets
    (text.showsLengths, text.verifiesChecksums) = (showsLengths, !verifiesNoChecksums)
    text.verbosity = verbose
    return text
  }
}
