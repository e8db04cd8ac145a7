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
    if options.capture.owners(hasCommand: hasCommand) != nil {
      // A socket is asked for while it is there. Each packet takes a whole frame of the buffer then.
      (settings.isImmediate, settings.bufferLength) = (true, 64 << 20)
    }
    try options.capture.apply(to: &settings)
    return try names.map { name in
      settings.interface = name
      return try CapturedInterface(settings)
    }
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
