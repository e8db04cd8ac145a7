public import FlowAnalysis
public import PacketWire

/// What a packet does in the course of things.
public enum StoryPhase: UInt8, Hashable, Sendable, CaseIterable {
  /// Finding out which link address belongs to a network address (ARP, neighbour discovery).
  case linkAddress
  /// Finding out which address belongs to a name.
  case nameLookup
  /// Opening a connection.
  case handshake
  /// Agreeing on keys before enciphered data.
  case encryption
  /// Asking, and waiting for the first octet of the answer.
  case request
  /// Data on its way.
  case transfer
  /// Closing a connection.
  case teardown
  /// None of these.
  case other

  /// A heading for a person.
  public var name: String {
    switch self {
    case .linkAddress: "neighbour look-up"
    case .nameLookup: "name look-up"
    case .handshake: "handshake"
    case .encryption: "encryption set-up"
    case .request: "request and wait"
    case .transfer: "transfer"
    case .teardown: "teardown"
    case .other: "other traffic"
    }
  }

  /// A word for programs: letters and hyphens.
  public var keyword: String {
    switch self {
    case .linkAddress: "link-address"
    case .nameLookup: "name-lookup"
    case .handshake: "handshake"
    case .encryption: "encryption"
    case .request: "request"
    case .transfer: "transfer"
    case .teardown: "teardown"
    case .other: "other"
    }
  }
}

/// One packet of the story.
public struct StoryStep: Hashable, Sendable {
  /// Which way a packet goes.
  public enum Direction: Hashable, Sendable {
    /// From the side that began the flow: from a client to a server.
    case forward
    /// To that side.
    case backward
    /// It belongs to no flow.
    case none
  }

  /// The packet's place in the capture, from 1.
  public var number: Int
  /// Since the first packet of the capture.
  public var time: Nanoseconds
  /// The highest layer at which the packet says something new.
  public var layer: OSILayer
  /// The protocol that says it, such as TCP.
  public var protocolName: String
  /// The flow that the packet belongs to.
  public var flow: FlowID?
  /// Which way it goes in that flow.
  public var direction: Direction
  /// What the packet does, in one or two plain sentences. Printable ASCII: whatever came from the
  /// network is escaped.
  public var sentence: String
  /// The earlier packets because of which it does so, ascending.
  public var because: [Int]
  /// What it is part of.
  public var phase: StoryPhase
  /// On the wire, in octets.
  public var length: Int
}
