internal import CPcap
import Glibc
import LinuxSystem
public import PacketWire

/// What is known of a captured packet beside its octets.
public struct CapturedHeader: Hashable, Sendable {
  /// When the kernel had it.
  public var time: WallInstant
  /// Its length on the wire, in octets.
  public var originalLength: Int

  /// A packet that the kernel had at `time`, of `originalLength` octets.
  public init(time: WallInstant, originalLength: Int) {
    (self.time, self.originalLength) = (time, originalLength)
  }
}

/// Packets from an interface, through libpcap.
///
/// It never waits: poll `descriptorNumber`, then `dispatch`. Safe to use: the handle is libpcap's,
/// and closed once, when this goes.
@safe
public struct LiveCapture: ~Copyable {
  /// How to capture.
  public struct Settings: Hashable, Sendable {
    /// An interface's name, or "any" for all.
    public var interface: String
    /// Octets of each frame that are kept.
    public var snapshotLength = 262_144
    /// See frames for other hosts too, where the interface can.
    public var isPromiscuous = true
    /// Hand over each packet at once. That costs twenty times the CPU, so it is for a person who
    /// watches a quiet line, not for a loaded one.
    public var isImmediate = false
    /// Octets of the kernel's ring. In immediate mode each packet takes a frame of the interface's
    /// MTU there, 64 KiB on loopback: libpcap's own 2 MiB would hold sixteen exchanges.
    public var bufferLength: CInt = 16 << 20
    /// How long the kernel may gather packets before it hands them over, in milliseconds.
    public var gatheringTime: CInt = 100
    /// Which way the packets went that are wanted.
    public var direction = Direction.inout
    /// How frames shall begin, by libpcap's number of this host; nil leaves it to the interface.
    public var dataLink: CInt?
    /// See all frames of the air, not only those of the network that we are in (802.11).
    public var isMonitor = false
    /// Who stamps the packets, by libpcap's number; nil leaves it to libpcap.
    public var timestampType: CInt?

    /// Defaults for all but the interface.
    public init(interface: String) { self.interface = interface }
  }

  /// Which way packets go.
  public enum Direction: Hashable, Sendable {
    /// To this host.
    case `in`
    /// From this host.
    case out
    /// Both.
    case `inout`
  }

  /// What was counted since the start (pcap_stats(3)).
  public struct Statistics: Hashable, Sendable {
    /// Packets that the filter let through, dropped ones counted in.
    public var received: UInt32 = 0
    /// Packets dropped because nobody read them in time.
    public var droppedByKernel: UInt32 = 0
    /// Packets dropped by the interface or its driver.
    public var droppedByInterface: UInt32 = 0

    /// Nothing yet.
    public init() {}
  }

  let handle: OpaquePointer
  /// How it captures.
  public let settings: Settings
  /// How frames begin.
  public let linkType: LinkType
  /// The same as libpcap names it.
  public var dataLink: CaptureChoice { .dataLink(linkType.dataLink) }
  /// Poll this for reading.
  public let descriptorNumber: CInt
  /// What libpcap thinks the user should know although the capture runs.
  public let warning: String?

  /// Opens and starts a capture.
  /// The corresponding C calls are `pcap_create` and `pcap_activate`.
  public init(_ settings: Settings) throws(LiveCaptureError) {
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_create(settings.interface, &text) else {
      throw LiveCaptureError(
        operation: "capture on", interface: settings.interface, reason: string(text))
    }
    do throws(LiveCaptureError) {
      warning = unsafe try activate(handle, settings)
    } catch {
      unsafe pcap_close(handle)
      throw error
    }
    unsafe self.handle = unsafe handle
    self.settings = settings
    linkType = LinkType(dataLink: unsafe pcap_datalink(handle))
    descriptorNumber = unsafe pcap_get_selectable_fd(handle)
  }

  deinit { unsafe pcap_close(handle) }

  /// Hands over packets that wait, `limit` at most; the octets are lent for the call.
  /// The corresponding C call is `pcap_next_ex`.
  ///
  /// - Parameters:
  ///   - limit: how many packets at most.
  ///   - body: takes each packet.
  /// - Returns: how many there were.
  /// - Throws: when the interface has gone down or away.
  public func dispatch(
    atMost limit: Int, _ body: (CapturedHeader, Span<UInt8>) -> Void
  ) throws(LiveCaptureError) -> Int {
    for count in 0..<limit {
      var header: UnsafeMutablePointer<pcap_pkthdr>?
      var octets: UnsafePointer<UInt8>?
      let status = unsafe pcap_next_ex(handle, &header, &octets)
      guard status == 1, let header = unsafe header, let octets = unsafe octets else {
        guard status < 0 else { return count }
        throw LiveCaptureError(
          operation: "go on capturing on", interface: settings.interface,
          reason: unsafe lastError(handle))
      }
      // libpcap lends `caplen` octets until the next call.
      let buffer = unsafe UnsafeBufferPointer(start: octets, count: Int(header.pointee.caplen))
      body(unsafe CapturedHeader(header.pointee), unsafe buffer.span)
    }
    return limit
  }

  /// What was counted so far. The corresponding C call is `pcap_stats`.
  public func statistics() -> Statistics? {
    var counted = pcap_stat()
    guard unsafe pcap_stats(handle, &counted) == 0 else { return nil }
    var statistics = Statistics()
    (statistics.received, statistics.droppedByKernel) = (counted.ps_recv, counted.ps_drop)
    statistics.droppedByInterface = counted.ps_ifdrop
    return statistics
  }
}

extension CapturedHeader {
  /// With nanosecond precision, `tv_usec` holds nanoseconds (pcap_set_tstamp_precision(3)).
  fileprivate init(_ header: pcap_pkthdr) {
    time = WallInstant(
      nanoseconds: Int64(header.ts.tv_sec) &* 1_000_000_000 &+ Int64(header.ts.tv_usec))
    originalLength = Int(header.len)
  }
}

/// The text in a buffer that libpcap has filled.
func string(_ text: [CChar]) -> String {
  String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
