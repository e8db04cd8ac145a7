public import PacketWire
public import ServiceEngine
public import TransportSecurity

/// Another service behind TLS: what it says and hears is packed and unpacked in between.
public struct TLSService: StreamService {
  private let session: TLSSession
  private var base: any StreamService
  private var hasClosed = false
  /// What is to be sent.
  public private(set) var output: [UInt8] = []
  /// Nothing more is read, and the connection ends once all output is sent.
  public private(set) var isClosing = false

  /// A connection on which `base` is served. Where there is no memory for TLS, it ends at once.
  public init(_ base: any StreamService, as identity: ServerIdentity) throws(TLSError) {
    session = try TLSSession(as: identity)
    self.base = base
  }

  /// Takes octets that have arrived, or goes on after output was sent.
  public mutating func receive(_ octets: ArraySlice<UInt8>, at now: WallInstant) {
    guard !isClosing else { return }
    session.receive(octets)
    // The handshake goes on by reading.
    while base.wantsInput || !session.isOpen {
      let plain = session.read()
      guard !plain.isEmpty else { break }
      base.receive(plain[...], at: now)
    }
    // News, or room for more.
    if session.isOpen { base.receive([], at: now) }
    pack(at: now)
  }

  /// Packs what the service says, as long as there is room.
  private mutating func pack(at now: WallInstant) {
    while session.isOpen, !base.output.isEmpty, output.count < Self.outputLimit {
      let piece = base.output.prefix(TLSSession.recordLength)
      session.write(piece)
      base.hasSent(piece.count)
      output += session.takeOutput()
      base.receive([], at: now)
    }
    if base.isClosing, base.output.isEmpty { close() }
    output += session.takeOutput()
    if session.state == .failed || session.state == .ended && base.output.isEmpty || hasClosed {
      isClosing = true
    }
  }

  private mutating func close() {
    guard !hasClosed else { return }
    hasClosed = true
    session.close()
  }

  /// Nor while the service wants none: TLS itself holds back no more than a record.
  public var wantsInput: Bool {
    !isClosing && output.count < Self.outputLimit && (base.wantsInput || !session.isOpen)
  }

  /// The first `count` octets of the output have been sent.
  public mutating func hasSent(_ count: Int) { output.removeFirst(count) }

  /// That of the service.
  public var patience: Nanoseconds { base.patience }

  /// The service decides, once the handshake is over.
  public mutating func timeIsUp(at now: WallInstant) -> Bool {
    guard session.isOpen else { return false }
    let goesOn = base.timeIsUp(at: now)
    pack(at: now)
    return goesOn
  }

  /// The connection is gone.
  public mutating func ended() { base.ended() }
}
