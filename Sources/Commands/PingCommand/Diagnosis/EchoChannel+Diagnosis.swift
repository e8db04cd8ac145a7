import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeShell

extension EchoChannel {
  /// Sends one probe of a diagnosis, at once.
  func send(
    _ probe: PingDiagnosis.Probe, to target: PingTarget, at endpoint: Endpoint
  ) throws(SystemError) {
    let message = message(
      of: PingProbe(serial: probe.serial, target: probe.target, number: 0), to: target,
      length: request.payloadLength)
    if var header {
      header.timeToLive = probe.timeToLive
      let packet = header.packet(to: target.address, carrying: message.span) ?? []
      try socket.send(packet.span, to: endpoint)
    } else {
      try socket.send(
        message.span, to: endpoint, timeToLive: probe.timeToLive,
        flowLabel: outbox.flowLabels.label(of: target))
    }
    outbox.ledger.sent(probe.serial)
  }
}
