import CaptureFile
import CommandLineKit
import LinuxSystem
import LiveCapture
import PacketWire

/// An interface that is captured on.
final class CapturedInterface {
  let name: String
  let capture: LiveCapture
  /// Octets kept of each packet.
  let snapshotLength: Int
  private var before = LiveCapture.Statistics()

  init(_ settings: LiveCapture.Settings) throws(LiveCaptureError) {
    (name, snapshotLength) = (settings.interface, settings.snapshotLength)
    capture = try LiveCapture(settings)
  }

  /// How its frames begin.
  var linkType: LinkType { capture.linkType }

  /// What was counted so far; what was known last, where the interface has gone.
  var statistics: LiveCapture.Statistics {
    if let now = capture.statistics() { before = now }
    return before
  }

  /// As a pcapng file describes it.
  func described(filter: String) -> CaptureInterface {
    CaptureInterface(
      linkType: capture.linkType, snapshotLength: UInt32(clamping: snapshotLength), name: name,
      filter: filter.isEmpty ? nil : filter)
  }

  /// What libpcap counted: packets that passed the filter, also those that were then lost.
  func counts(index: Int, since start: WallInstant) -> InterfaceStatistics {
    let (statistics, now) = (statistics, WallClock.now())
    return InterfaceStatistics(
      interface: index, time: now, start: start, end: now,
      droppedByInterface: UInt64(statistics.droppedByInterface),
      acceptedByFilter: UInt64(statistics.received),
      droppedBySystem: UInt64(statistics.droppedByKernel))
  }
}

extension [CapturedInterface] {
  /// Opens all that the command line names, or what is best if it names none.
  static func open(_ options: SniffOptions, hasCommand: Bool) throws -> [CapturedInterface] {
    // The command's packets may leave by any interface, and its name look-ups by another.
    var names = try options.interfaces.map { try CaptureDevice.name(for: $0) }
    if names.isEmpty { names = [hasCommand ? "any" : try CaptureDevice.preferred()] }
    if let twice = names.enumerated().first(where: { names[..<$0.offset].contains($0.element) }) {
      throw UsageError("the interface \(UsageError.quoted(twice.element)) is named twice")
    }
    var settings = LiveCapture.Settings(interface: "")
    settings.snapshotLength = SniffCommand.keptLength(options)
    settings.isPromiscuous = !options.isNotPromiscuous
    let isWatched =
      StandardStream.isTerminal(StandardStream.output) && options.capture.textFile == nil
    settings.isImmediate =
      options.capture.isImmediate
      || !hasCommand && (options.tellsStory || options.prints && isWatched)
    try options.capture.apply(to: &settings)
    return try names.map { name in
      settings.interface = name
      return try CapturedInterface(settings)
    }
  }

  /// Others beside these, for a `FlowScout`: they hand the beginning of each packet over at once.
  func scouts() throws -> [CapturedInterface] {
    try map { interface in
      var settings = interface.capture.settings
      settings.isImmediate = true
      // Room for ports behind tags and extension headers, and in what an ICMP error quotes.
      settings.snapshotLength = 256
      // Ten thousand packets: each takes a frame of that length.
      settings.bufferLength = 4 << 20
      return try CapturedInterface(settings)
    }
  }

  /// Lets only packets through that pass these programs, one for each; all, if there is none.
  func limit(to programs: [FilterProgram]) throws {
    for (interface, program) in zip(self, programs) { try interface.capture.set(program) }
  }

  /// All that was counted.
  var statistics: LiveCapture.Statistics {
    reduce(into: .init()) { sum, interface in
      let one = interface.statistics
      sum.received &+= one.received
      sum.droppedByKernel &+= one.droppedByKernel
      sum.droppedByInterface &+= one.droppedByInterface
    }
  }
}
