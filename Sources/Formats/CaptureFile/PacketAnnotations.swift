/// What a pcapng file says about one packet beside its octets, time and length: the options of an
/// Enhanced Packet Block (draft-ietf-opsawg-pcapng §4.3) or of an obsolete Packet Block.
public struct PacketAnnotations: Hashable, Sendable {
  /// What somebody noted about the packet (opt_comment): hostile text.
  public var comments: [String]
  /// Direction, reception and errors (epb_flags).
  public var flags: PacketFlags?
  /// Packets that the interface lost since the one before (epb_dropcount).
  public var dropCount: UInt64?
  /// The same number wherever the same packet was seen (epb_packetid).
  public var packetIdentifier: UInt64?
  /// The interface's queue that the packet came by (epb_queue).
  public var queue: UInt32?
  /// Who sent it (epb_processid_threadid).
  public var process: CaptureProcess?
  /// Why the options could not be read further. The packet itself is whole.
  public var problem: CaptureError?

  /// Annotations as described by their parts.
  public init(
    comments: [String] = [], flags: PacketFlags? = nil, dropCount: UInt64? = nil,
    packetIdentifier: UInt64? = nil, queue: UInt32? = nil, process: CaptureProcess? = nil
  ) {
    (self.comments, self.flags, self.dropCount) = (comments, flags, dropCount)
    (self.packetIdentifier, self.queue, self.process) = (packetIdentifier, queue, process)
  }
}

/// The process and thread that sent a packet; 0 is unknown.
public struct CaptureProcess: Hashable, Sendable {
  /// The process's number.
  public var process: UInt32
  /// The thread's number.
  public var thread: UInt32

  /// A process, and a thread of it where that is known.
  public init(process: UInt32, thread: UInt32 = 0) {
    (self.process, self.thread) = (process, thread)
  }
}

/// The flags word of a packet (draft-ietf-opsawg-pcapng §4.3.1). Unknown bits are kept.
public struct PacketFlags: RawRepresentable, Hashable, Sendable {
  /// Which way a packet went.
  public enum Direction: UInt32, Hashable, Sendable {
    /// The file does not say.
    case unknown = 0
    /// To the host that captured.
    case inbound = 1
    /// From the host that captured.
    case outbound = 2
    /// A value without a meaning.
    case reserved = 3
  }

  /// The word; bit 0 is the least significant.
  public var rawValue: UInt32

  /// The flags of a word.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Flags that say nothing but a direction.
  public init(_ direction: Direction) { rawValue = direction.rawValue }

  /// Which way the packet went (bits 0 and 1).
  public var direction: Direction { Direction(rawValue: rawValue & 3) ?? .unknown }
  /// How it was received (bits 2 to 4): 0 unsaid, 1 unicast, 2 multicast, 3 broadcast, 4
  /// promiscuous.
  public var reception: UInt32 { rawValue >> 2 & 7 }
  /// Octets of frame check sequence at the frame's end (bits 5 to 8); 0 is unsaid.
  public var frameCheckLength: UInt32 { rawValue >> 5 & 15 }
  /// The sending host left the checksum to its network card (bit 9).
  public var isChecksumNotReady: Bool { rawValue >> 9 & 1 == 1 }
  /// Somebody verified the checksum before (bit 10).
  public var isChecksumValid: Bool { rawValue >> 10 & 1 == 1 }
  /// The network card splits the segment, or has joined it of several (bit 11).
  public var isSegmentationOffloaded: Bool { rawValue >> 11 & 1 == 1 }
  /// What went wrong at the link layer (bits 16 to 31); bit 24 is a bad frame check sequence.
  public var linkErrors: UInt32 { rawValue >> 16 }
}

/// Option codes of Enhanced Packet Blocks.
enum PacketOption {
  static let flags: UInt16 = 2
  static let dropCount: UInt16 = 4
  static let packetIdentifier: UInt16 = 5
  static let queue: UInt16 = 6
  static let process: UInt16 = 8

  /// The length that an option of fixed length has.
  static func length(of code: UInt16) -> UInt16? {
    switch code {
    case flags, queue: 4
    case dropCount, packetIdentifier, process: 8
    default: nil
    }
  }
}
