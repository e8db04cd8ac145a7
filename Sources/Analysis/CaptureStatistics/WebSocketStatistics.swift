public import FlowAnalysis
public import PacketWire

/// What the capture's WebSockets (RFC 6455) come to.
public struct WebSocketStatistics: Sendable {
  /// What one end sent, or all of one kind.
  public struct Direction: Hashable, Sendable {
    /// Frames by opcode.
    public private(set) var frames: [WebSocketOpcode: Int] = [:]
    /// Octets of their payloads, as they were sent.
    public private(set) var octets: Int64 = 0
    /// Whole messages.
    public private(set) var messages = 0
    /// Of those, the ones that permessage-deflate (RFC 7692) had packed.
    public private(set) var packedMessages = 0
    /// Octets of packed messages as they were sent, and unpacked; of those that could be unpacked.
    public private(set) var packedOctets: Int64 = 0, unpackedOctets: Int64 = 0

    /// How many frames there were.
    public var frameCount: Int { frames.values.reduce(0, +) }

    mutating func add(_ frame: WebSocketFrame) {
      // An opcode has four bits, so that there are sixteen at the most.
      frames[frame.header.opcode, default: 0] += 1
      octets &+= Int64(clamping: frame.header.payloadLength)
      guard case .message(let message) = frame.content, message.isWhole else { return }
      messages += 1
      guard message.packing != .none else { return }
      packedMessages += 1
      guard let unpacked = message.octets else { return }
      packedOctets &+= message.sentOctets
      unpackedOctets &+= unpacked
    }
  }

  /// One WebSocket.
  public struct Connection: Sendable {
    /// Its connection's number among those of TCP, from 0.
    public var stream: Int
    /// Who asked for it.
    public var client: Endpoint
    /// Who agreed.
    public var server: Endpoint
    /// The answer with which it began, and the last packet in which a frame ended.
    public var opened: PacketMark, last: PacketMark
    /// Both ends agreed to pack messages.
    public var isCompressed: Bool
    /// What the client sent, and what the server did.
    public var toServer = Direction(), toClient = Direction()
    /// The longest time without the end of a frame, and the packet behind it; with the opening for the
    /// first frame before it.
    public var silence = Nanoseconds.zero
    /// The packet that ended that time.
    public var silenceEnd: Int?
    /// Why it was closed, as the first close frame has it: 1005 where that gives no code; 1006 if there is
    /// none although a stream ended. Nil while neither is seen.
    public var closeCode: WebSocketCloseCode?
    /// Who opened the connection need not be who asked for the WebSocket.
    var serverSide: TCPSide
  }

  /// WebSockets that were opened.
  public private(set) var count = 0
  /// Of those, the ones with permessage-deflate.
  public private(set) var compressed = 0
  /// What all clients sent, and what all servers did.
  public private(set) var toServer = Direction(), toClient = Direction()
  /// Frames that stood with too many others in one segment to be told apart.
  public private(set) var omittedFrames = 0
  /// Why they were closed, 1005 and 1006 counted in; one that is still open has no code.
  public private(set) var closeCodes = Tally<UInt16>(capacity: 256)
  /// The first ones, in the order in which they were opened.
  public private(set) var connections: [Connection] = []
  private var places: [FlowID: Int] = [:]
  /// Later ones count in the sums only.
  private static let capacity = 4096

  /// Nothing was seen.
  public init() {}

  /// The one that was silent longest.
  public var mostSilent: Connection? {
    connections.max { $0.silence < $1.silence }.flatMap { $0.silenceEnd == nil ? nil : $0 }
  }

  mutating func add(_ stream: StreamFacts, from sender: TCPSide, _ facts: PacketFacts) {
    guard let flow = facts.flow else { return }
    for event in stream.events {
      if case .response(let response) = event, let agreement = response.webSocket {
        open(agreement, flow, from: sender, facts)
      }
    }
    guard let web = stream.webSocket else { return }
    omittedFrames += web.omittedFrames
    for frame in web.frames { add(frame, flow, facts) }
    if let cutOff = web.cutOff, cutOff.afterClose == nil { close(.abnormalClosure, flow) }
  }

  private mutating func open(
    _ agreement: WebSocketAgreement, _ flow: FlowID, from sender: TCPSide, _ facts: PacketFacts
  ) {
    count += 1
    if agreement.deflate != nil { compressed += 1 }
    guard connections.count < Self.capacity, let server = facts.source,
      let client = facts.destination
    else { return }
    places[flow] = connections.count
    connections.append(
      Connection(
        stream: flow.ordinal - 1, client: client, server: server, opened: facts.mark,
        last: facts.mark, isCompressed: agreement.deflate != nil, serverSide: sender))
  }

  private mutating func add(_ frame: WebSocketFrame, _ flow: FlowID, _ facts: PacketFacts) {
    let place = places[flow]
    let isToServer = frame.sender != place.map { connections[$0].serverSide } ?? .server
    if isToServer { toServer.add(frame) } else { toClient.add(frame) }
    if let place {
      if isToServer {
        connections[place].toServer.add(frame)
      } else {
        connections[place].toClient.add(frame)
      }
      let silence = facts.mark.time - connections[place].last.time
      if silence > connections[place].silence {
        (connections[place].silence, connections[place].silenceEnd) = (silence, facts.mark.number)
      }
      connections[place].last = facts.mark
    }
    if case .close(let closing) = frame.content, closing.answers == nil {
      close(closing.code ?? .noStatusReceived, flow)
    }
  }

  private mutating func close(_ code: WebSocketCloseCode, _ flow: FlowID) {
    if let place = places[flow] {
      guard connections[place].closeCode == nil else { return }
      connections[place].closeCode = code
    }
    closeCodes.add(code.rawValue)
  }
}
