import HostNaming
import LinuxNet
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// The loop around a search for the path MTU.
struct MTUShell: ~Copyable {
  private let channel: EchoChannel
  private let targets: PingTargets
  private var search: MTUSearch
  private var printer: MTUPrinter
  private var effects = MTUSearch.Effects()

  private static let readLimit = 64

  init(_ channel: EchoChannel, _ targets: PingTargets, printsJSON: Bool) {
    self.channel = channel
    self.targets = targets
    search = MTUSearch(targets.targets[0].address, channel.request)
    printer = MTUPrinter(targets, printsJSON: printsJSON)
  }

  /// Searches to the end and says what was found.
  mutating func run() throws(SystemError) -> CInt {
    let signals = try SignalSource([.interrupt])
    var poller = Poller()
    let slot = poller.add(channel.descriptorNumber, interest: .read)
    _ = poller.add(signals.descriptorNumber, interest: .read)
    printer.start()
    step(.start)
    while search.result == nil, printer.output.isOpen {
      perform()
      guard search.result == nil else { break }
      try poller.wait(until: search.wakeAt)
      if poller.readiness(of: slot).contains(.failed) {
        try channel.receiveErrors { take($0) }
      }
      _ = try channel.receive(limit: Self.readLimit) { take($0) }
      while try signals.next() != nil { step(.interrupted) }
      step(.timer)
    }
    guard let result = search.result else { return 2 }
    return printer.finish(result)
  }

  private mutating func take(_ received: EchoChannel.Received) {
    if case .arrived(let arrival, _, _) = received { step(.arrived(arrival)) }
  }

  private mutating func step(_ event: MTUSearch.Event) {
    search.step(event, at: MonotonicClock.now(), &effects)
    for step in effects.steps { printer.take(step) }
    effects.steps.removeAll()
  }

  /// Sends; what the kernel refuses leads to the next size at once.
  private mutating func perform() {
    while let (serial, length) = effects.send {
      effects.send = nil
      var failure: Int32?
      func took(_ sent: EchoChannel.Sent) {
        if case .failed(_, let errorNumber) = sent { failure = errorNumber }
      }
      let payload = length - MTUSearch.headerLength(targets.targets[0].address.family)
      let probe = PingProbe(serial: serial, target: 0, number: serial)
      channel.send([probe], to: targets, sizes: .init(payload...payload, step: 1), took)
      guard let failure else { return }
      let error = SystemError("send", errorNumber: failure)
      if !error.isMessageTooLong { printer.sayFailure(failure) }
      step(.sendFailed(serial: serial, isTooLong: error.isMessageTooLong))
    }
  }
}
