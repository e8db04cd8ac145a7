public import FlowAnalysis
public import PacketWire
public import PageStory
import PacketText

/// Gathers a story and makes one HTML page of it that needs nothing else: no network, no script, no
/// other file.
///
/// What is kept has an end, however long the capture is; the page says what it leaves out.
public struct StoryReport: Sendable {
  /// One packet of the story, as far as the page shows it.
  struct Entry: Sendable {
    var step: StoryStep
    var source: Endpoint?
    var destination: Endpoint?
    /// Nil for a packet that is told but not shown.
    var packet: ShownPacket?
    /// What a classroom is asked about it.
    var question: (text: String, answer: String)?
  }

  /// The octets of a packet.
  struct ShownPacket: Sendable {
    var octets: [UInt8]
    var linkType: LinkType
    var originalLength: Int
    var isLeaving: Bool
  }

  /// Steps that are told, and those of them whose octets are shown.
  static let maximumSteps = 1_000
  static let maximumPackets = 250

  /// Where the packets are from: a file's name, a command, an interface.
  let origin: String
  private(set) var entries: [Entry] = []
  /// Steps that there was no room for.
  private(set) var omittedSteps = 0
  private(set) var omittedPackets = 0
  /// When the first packet was captured.
  private(set) var begin: WallInstant?
  private(set) var hosts = HostRegister()

  /// A report about nothing yet. `origin` says where the packets are from; whatever is in it is shown
  /// as text.
  public init(origin: String) { self.origin = origin }

  /// Adds one packet and what the story says of it, in the order of capture.
  ///
  /// - Parameters:
  ///   - step: what it does.
  ///   - facts: what the analysis found out about it.
  ///   - octets: what was captured of it.
  ///   - linkType: how it begins.
  ///   - originalLength: how long it was on the wire, in octets.
  ///   - isLeaving: it was seen on its way out of the capturing host, where checksums may be left to the
  ///     network card.
  public mutating func add(
    _ step: StoryStep, _ facts: PacketFacts, octets: Span<UInt8>, linkType: LinkType,
    originalLength: Int, isLeaving: Bool
  ) {
    begin = begin ?? facts.mark.time
    guard entries.count < Self.maximumSteps else { return omittedSteps += 1 }
    var packet: ShownPacket?
    if entries.count < Self.maximumPackets {
      packet = ShownPacket(
        octets: Array(copying: octets), linkType: linkType, originalLength: originalLength,
        isLeaving: isLeaving)
    } else {
      omittedPackets += 1
    }
    hosts.note(facts, step.phase)
    entries.append(
      Entry(
        step: step, source: facts.source, destination: facts.destination, packet: packet,
        question: nil))
  }

  /// Adds a question about the packet that was added last; its answer is folded.
  public mutating func ask(_ question: String, answer: String) {
    // A packet that is left out is not asked about.
    guard !entries.isEmpty, omittedSteps == 0 else { return }
    entries[entries.count - 1].question = (question, answer)
  }

  /// The page, whole.
  public func page(_ summary: StorySummary) -> [UInt8] {
    var writer = HTMLWriter()
    ReportPage(report: self, summary: summary).append(to: &writer)
    return writer.buffer.octets
  }

  /// A step that the page has a place for. Steps have their packets' numbers, which need not begin
  /// with 1.
  func hasStep(_ number: Int) -> Bool {
    guard let first = entries.first?.step.number, let last = entries.last?.step.number else {
      return false
    }
    return (first...last).contains(number)
  }
}
