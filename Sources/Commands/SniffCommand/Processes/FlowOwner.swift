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
  /// What there is of a socket at one end.
  enum Socket: UInt8 {
    /// None, or none any more: that end may be another host's.
    case missing
    /// One that no process has: not yet, or not any more.
    case unheld
    /// A process has it, whether it was looked for or not.
    case held
  }

  /// Who sends it.
  var sender: PacketProcess?
  /// Who receives it.
  var receiver: PacketProcess?
  /// The sender's socket.
  var senderSocket = Socket.held
  /// The receiver's.
  var receiverSocket = Socket.missing
  /// One of them is the command or descends from it.
  var isCommands = false

  /// It is worthwhile to ask again: there is no socket for it, or one that no process has.
  var isUnsettled: Bool {
    let sockets = [senderSocket, receiverSocket]
    return sockets.contains(.unheld) || sockets == [.missing, .missing]
  }

  /// Whoever sends it, if it is of this host, cannot be found any more.
  var hasLostSender: Bool { senderSocket != .held }

  /// The same for the other direction.
  var reversed: FlowOwner {
    var owner = self
    (owner.sender, owner.receiver) = (receiver, sender)
    (owner.senderSocket, owner.receiverSocket) = (receiverSocket, senderSocket)
    return owner
  }

  /// A flow that nothing is known about.
  static let lost = {
    var owner = FlowOwner()
    owner.senderSocket = .missing
    return owner
  }()

  /// As one process asks the other about it.
  init(sender: PacketProcess? = nil, receiver: PacketProcess? = nil, isCommands: Bool = false) {
    (self.sender, self.receiver, self.isCommands) = (sender, receiver, isCommands)
  }

  /// Reads what `octets` has written; nil if it is nothing of the kind.
  init?(_ octets: [UInt8]) {
    guard octets.count >= 11, let senderSocket = Socket(rawValue: octets[1]),
      let receiverSocket = Socket(rawValue: octets[2])
    else { return nil }
    isCommands = octets[0] == 1
    (self.senderSocket, self.receiverSocket) = (senderSocket, receiverSocket)
    let (first, second) = (octets.span.u32(at: 3), octets.span.u32(at: 7))
    let names = octets.dropFirst(11).split(separator: 0, omittingEmptySubsequences: false)
    guard names.count == 2 else { return nil }
    sender = Self.process(first, names[0])
    receiver = Self.process(second, names[1])
  }

  private static func process(_ number: UInt32, _ name: ArraySlice<UInt8>) -> PacketProcess? {
    number == 0 ? nil : PacketProcess(number: number, name: String(decoding: name, as: UTF8.self))
  }

  var octets: [UInt8] {
    [UInt8](capacity: 11) { out in
      out.append(isCommands ? 1 : 0)
      out.append(senderSocket.rawValue)
      out.append(receiverSocket.rawValue)
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
