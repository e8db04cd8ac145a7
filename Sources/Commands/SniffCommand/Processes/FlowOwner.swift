import CaptureFile
import PacketWire

/// A process that a packet belongs to.
struct PacketProcess: Hashable, Sendable {
  /// The number; 0 if only the name's place is known.
  var number: UInt32
  /// What it calls itself: hostile text.
  var name: String
}

extension PacketProcess {
  /// "curl 1234", as it came.
  var words: String { "\(name) \(number)" }

  private static let mark = "process: "

  /// What a pcapng file says of a packet of this process. The option has no room for the name.
  var annotations: PacketAnnotations {
    PacketAnnotations(
      comments: [Self.mark + words], process: CaptureProcess(process: number))
  }

  /// The process that a pcapng file names, by the option alone or with the comment of ours that has the
  /// name too; nil if it names none.
  init?(_ annotations: PacketAnnotations) {
    guard let process = annotations.process else { return nil }
    let end = " \(process.process)"
    let comment = annotations.comments.first { $0.hasPrefix(Self.mark) && $0.hasSuffix(end) }
    let name = comment?.dropFirst(Self.mark.count).dropLast(end.count)
    self.init(number: process.process, name: name.map { String($0) } ?? "?")
  }
}

/// Who is at the two ends of a flow on this host.
struct FlowOwner: Hashable, Sendable {
  /// Who sends it.
  var sender: PacketProcess?
  /// Who receives it.
  var receiver: PacketProcess?
  /// One of them is the command or descends from it.
  var isCommands = false
  /// There is no socket for it any more.
  var isGone = false
  /// One end has a socket that no process has, perhaps not yet.
  var isUnsettled = false

  /// Whoever sends it cannot be found any more.
  var hasLostSender: Bool { isGone || isUnsettled && sender == nil }

  /// The same for the other direction.
  var reversed: FlowOwner {
    var owner = self
    (owner.sender, owner.receiver) = (receiver, sender)
    return owner
  }

  /// As one process asks the other about it.
  init(
    sender: PacketProcess? = nil, receiver: PacketProcess? = nil, isCommands: Bool = false,
    isGone: Bool = false
  ) {
    (self.sender, self.receiver) = (sender, receiver)
    (self.isCommands, self.isGone) = (isCommands, isGone)
  }

  /// Reads what `octets` has written; nil if it is nothing of the kind.
  init?(_ octets: [UInt8]) {
    guard octets.count >= 9 else { return nil }
    (isCommands, isGone) = (octets[0] & 1 == 1, octets[0] & 2 == 2)
    isUnsettled = octets[0] & 4 == 4
    let (first, second) = (octets.span.u32(at: 1), octets.span.u32(at: 5))
    let names = octets.dropFirst(9).split(separator: 0, omittingEmptySubsequences: false)
    guard names.count == 2 else { return nil }
    sender = Self.process(first, names[0])
    receiver = Self.process(second, names[1])
  }

  private static func process(_ number: UInt32, _ name: ArraySlice<UInt8>) -> PacketProcess? {
    number == 0 ? nil : PacketProcess(number: number, name: String(decoding: name, as: UTF8.self))
  }

  var octets: [UInt8] {
    [UInt8](capacity: 9) { out in
      out.append((isCommands ? 1 : 0) | (isGone ? 2 : 0) | (isUnsettled ? 4 : 0))
      out.append(bigEndian: sender?.number ?? 0)
      out.append(bigEndian: receiver?.number ?? 0)
    } + Array((sender?.name ?? "").utf8) + [0] + Array((receiver?.name ?? "").utf8)
  }
}

extension PacketFlow {
  /// 1 octet protocol, 1 family, 4 ports, and the addresses in 16 octets each.
  private static let length = 38

  var octets: [UInt8] {
    [UInt8](capacity: Self.length) { out in
      out.append(protocolNumber)
      out.append(source.family == .v4 ? 4 : 6)
      out.append(bigEndian: sourcePort)
      out.append(bigEndian: destinationPort)
      for address in [source, destination] {
        switch address {
        case .v4(let address): out.append(bigEndian: UInt128(address.bits))
        case .v6(let address): out.append(bigEndian: UInt128(address.bits))
        }
      }
    }
  }

  init?(_ octets: [UInt8]) {
    guard octets.count == Self.length else { return nil }
    let span = octets.span
    func address(_ offset: Int) -> IPAddress {
      let (high, low) = (span.u64(at: offset), span.u64(at: offset + 8))
      return octets[1] == 4
        ? .v4(IPv4Address(bits: UInt32(truncatingIfNeeded: low)))
        : .v6(IPv6Address(bits: UInt128(high) << 64 | UInt128(low)))
    }
    self.init(
      protocolNumber: octets[0], source: address(6), destination: address(22),
      sourcePort: span.u16(at: 2), destinationPort: span.u16(at: 4))
  }
}
