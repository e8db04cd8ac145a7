import LinuxNet
import PacketWire
import ProbeEngine

/// What the kernel was asked to put into the IP header of probes.
struct AskedFields {
  /// TTL or hop limit; `nil` leaves it to the system.
  var timeToLive: UInt8?
  /// ToS or traffic class.
  var typeOfService: UInt8 = 0
  /// IPv4's DF; `nil` where it depends on what the kernel knows of the path.
  var dontFragment: Bool?
  /// What is changed of the ICMP message.
  var edits: MessageEdits?
  /// The kernel writes options into the IP header, and changes them.
  var hasOptions: Bool

  init(_ options: PingOptions) {
    timeToLive = options.timeToLive
    typeOfService = options.typeOfService ?? 0
    edits = MessageEdits(options.header)
    hasOptions = !options.header.optionOctets.isEmpty
    switch options.pathMTU {
    case .refuseLarger, .probe: dontFragment = true
    case .off: dontFragment = false
    case .fragmentAsNeeded, nil: break
    }
  }
}

extension EchoChannel {
  /// A probe as it left this host, as far as this program knows.
  ///
  /// - Parameters:
  ///   - probe: one that was sent.
  ///   - target: whom it went to.
  ///   - source: the address that it left with, if that is known.
  ///   - length: octets behind the ICMP header.
  /// - Returns: `nil` when it cannot have left.
  func datagram(
    of probe: PingProbe, to target: PingTarget, from source: IPAddress?, length: Int
  ) -> SentDatagram? {
    let known = header?.source ?? source
    var message: [UInt8] = []
    if let question {
      message = question.message(number: probe.serial, to: target.address)
    } else {
      request.write(
        serial: probe.serial, flow: target.flow, length: length,
        pseudoHeader: known.map { ($0, target.address) }, into: &message)
    }
    asked.edits?.apply(to: &message)
    if let header {
      // The kernel fills in an identification that is zero, and the checksum (raw(7)).
      return header.packet(to: target.address, carrying: message.span).map {
        SentDatagram(octets: $0, unknown: [.init(.identification), .init(.headerChecksum)])
      }
    }
    let hops =
      asked.timeToLive ?? (target.address.isMulticast ? 1 : (try? socket.timeToLive()) ?? 64)
    let isV4 = target.address.family == .v4
    var datagram = try? SentDatagram(
      message: message.span, from: known ?? (isV4 ? .v4(.any) : .v6(.any)), to: target.address,
      carrying: isV4 ? .icmp : .icmpv6, timeToLive: hops, trafficClass: asked.typeOfService,
      dontFragment: asked.dontFragment)
    if asked.hasOptions { datagram?.unknown.formUnion([.init(.options), .init(.totalLength)]) }
    if known == nil {
      datagram?.unknown.insert(.init(.source))
      if !isV4 { datagram?.unknown.insert(.init(.icmpChecksum)) }
    }
    return datagram
  }
}

extension EchoArrival {
  var isError: Bool { if case .error = self { true } else { false } }
}
