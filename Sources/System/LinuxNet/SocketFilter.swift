internal import CLinux
import Glibc
internal import LinuxSystem
public import PacketWire

/// One instruction of the classic BPF machine (the kernel's Documentation/networking/filter.rst).
public struct FilterInstruction: Hashable, Sendable {
  /// Class, size, mode and operation.
  public var code: UInt16
  /// How many instructions a jump skips when its condition holds.
  public var skipIfTrue: UInt8
  /// How many instructions a jump skips when its condition does not hold.
  public var skipIfFalse: UInt8
  /// The operand.
  public var constant: UInt32

  /// An instruction from its four fields, in the order of `struct sock_filter`.
  public init(code: UInt16, skipIfTrue: UInt8 = 0, skipIfFalse: UInt8 = 0, constant: UInt32 = 0) {
    (self.code, self.skipIfTrue, self.skipIfFalse) = (code, skipIfTrue, skipIfFalse)
    self.constant = constant
  }

  /// X becomes the length in octets of the IPv4 header at `offset` (BPF_LDX | BPF_B | BPF_MSH).
  public static func loadHeaderLength(at offset: UInt32) -> Self {
    Self(code: 0xb1, constant: offset)
  }
  /// X becomes `constant` (BPF_LDX | BPF_IMM).
  public static func loadIndex(_ constant: UInt32) -> Self { Self(code: 0x01, constant: constant) }
  /// A becomes the octet at X + `offset` (BPF_LD | BPF_B | BPF_IND). Out of bounds drops the packet.
  public static func loadOctet(atIndexPlus offset: UInt32) -> Self {
    Self(code: 0x50, constant: offset)
  }
  /// A becomes the big-endian 16 bits at X + `offset` (BPF_LD | BPF_H | BPF_IND).
  public static func loadHalf(atIndexPlus offset: UInt32) -> Self {
    Self(code: 0x48, constant: offset)
  }
  /// Skips one of two numbers of instructions, by whether A is `constant` (BPF_JMP | BPF_JEQ).
  public static func skip(
    ifEqual constant: UInt32, _ skipIfTrue: UInt8, otherwise skipIfFalse: UInt8
  ) -> Self {
    Self(code: 0x15, skipIfTrue: skipIfTrue, skipIfFalse: skipIfFalse, constant: constant)
  }
  /// Ends; the whole packet is let through (BPF_RET).
  public static let accept = Self(code: 0x06, constant: .max)
  /// Ends; the packet is dropped (BPF_RET).
  public static let drop = Self(code: 0x06, constant: 0)
}

/// A program that says which packets a socket receives.
public struct SocketFilter: Hashable, Sendable {
  /// The program; the kernel takes at most 4096 instructions and checks every jump.
  public var instructions: [FilterInstruction]

  /// Any program.
  public init(_ instructions: [FilterInstruction]) { self.instructions = instructions }

  /// For raw ICMP and ICMPv6 sockets: echo replies with this identifier, and all ICMP errors.
  ///
  /// An error quotes one of anybody's packets; whose it is, the reader of the quote finds out.
  public static func echoReplies(identifier: UInt16, family: IPFamily) -> SocketFilter {
    replies(ofType: typeOfEchoReply(family), identifier: identifier, family: family)
  }

  /// The same for answers of another type; `identifier` is `nil` where the answers have none.
  public static func replies(
    ofType type: UInt8, identifier: UInt16?, family: IPFamily
  ) -> SocketFilter {
    let reply = UInt32(type)
    guard let identifier else {
      return SocketFilter(
        [startOfICMP(family), .loadOctet(atIndexPlus: 0)]
          + accepting([reply] + errorTypes(family)))
    }
    let errors = errorTypes(family)
    // Behind these five come the comparisons with the error types, then "accept", then "drop".
    let toAccept = UInt8(errors.count)
    return SocketFilter(
      [
        startOfICMP(family), .loadOctet(atIndexPlus: 0), .skip(ifEqual: reply, 0, otherwise: 2),
        .loadHalf(atIndexPlus: 4),
        .skip(ifEqual: UInt32(identifier), toAccept, otherwise: toAccept + 1),
      ] + accepting(errors))
  }

  /// The types that `echoReplies` lets through.
  public static func typesOfEchoReplies(_ family: IPFamily) -> [UInt8] {
    types(ofReplies: typeOfEchoReply(family), family)
  }

  /// The types that `replies(ofType:)` lets through.
  public static func types(ofReplies type: UInt8, _ family: IPFamily) -> [UInt8] {
    [type] + typesOfErrors(family)
  }

  /// RFC 792, RFC 4443 §4.2.
  private static func typeOfEchoReply(_ family: IPFamily) -> UInt8 { family == .v4 ? 0 : 129 }

  /// The types that `errors` lets through.
  public static func typesOfErrors(_ family: IPFamily) -> [UInt8] {
    errorTypes(family).map { UInt8($0) }
  }

  /// For raw ICMP and ICMPv6 sockets: all ICMP errors and nothing else.
  public static func errors(family: IPFamily) -> SocketFilter {
    SocketFilter([startOfICMP(family), .loadOctet(atIndexPlus: 0)] + accepting(errorTypes(family)))
  }

  /// X becomes where ICMP begins: raw IPv4 sockets receive the IP header, options and all; raw IPv6
  /// sockets do not.
  private static func startOfICMP(_ family: IPFamily) -> FilterInstruction {
    family == .v4 ? .loadHeaderLength(at: 0) : .loadIndex(0)
  }

  /// Destination unreachable, source quench, redirect, time exceeded and parameter problem
  /// (RFC 792); destination unreachable, packet too big, time exceeded and parameter problem
  /// (RFC 4443 §3).
  static func errorTypes(_ family: IPFamily) -> [UInt32] {
    family == .v4 ? [3, 4, 5, 11, 12] : [1, 2, 3, 4]
  }

  /// Accepts when A is one of `values`, and drops otherwise.
  private static func accepting(_ values: [UInt32]) -> [FilterInstruction] {
    let comparisons = values.indices.map { index in
      let after = UInt8(values.count - 1 - index)
      return FilterInstruction.skip(
        ifEqual: values[index], after, otherwise: after == 0 ? 1 : 0)
    }
    return comparisons + [.accept, .drop]
  }
}

extension Descriptor {
  /// Puts a filter before the socket. The corresponding C call is `setsockopt(SO_ATTACH_FILTER)`.
  func attach(_ filter: SocketFilter) throws(SystemError) {
    var program = filter.instructions.map {
      sock_filter(
        code: $0.code, jt: $0.skipIfTrue, jf: $0.skipIfFalse, k: $0.constant)
    }
    let count = UInt16(clamping: program.count)
    _ = try systemCall("attach a socket filter") {
      // The kernel copies the program during the call.
      unsafe program.withUnsafeMutableBufferPointer { instructions in
        var description = unsafe sock_fprog(len: count, filter: instructions.baseAddress)
        return unsafe setsockopt(
          rawValue, SOL_SOCKET, SO_ATTACH_FILTER, &description,
          socklen_t(MemoryLayout<sock_fprog>.size))
      }
    }
  }
}
