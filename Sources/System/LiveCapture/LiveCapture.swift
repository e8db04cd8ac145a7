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

    /// Defaults for all but the interface.
    public init(interface: String) { self.interface = interface }
  }

  /// What was counted since the start (pcap_stats(3)).
  public struct Statistics: Hashable, Sendable {
    /// Packets that the filter let through, dropped ones counted in.
    public var received: UInt32
    /// Packets dropped because nobody read them in time.
    public var droppedByKernel: UInt32
    /// Packets dropped by the interface or its driver.
    public var droppedByInterface: UInt32
  }

  private let handle: OpaquePointer
  private let settings: Settings
  /// How frames begin.
  public let linkType: LinkType
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
      warning = unsafe try Self.activate(handle, settings)
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

  private static func activate(
    _ handle: OpaquePointer, _ settings: Settings
  ) throws(LiveCaptureError) -> String? {
    _ = unsafe pcap_set_snaplen(handle, CInt(clamping: settings.snapshotLength))
    _ = unsafe pcap_set_promisc(handle, settings.isPromiscuous ? 1 : 0)
    _ = unsafe pcap_set_buffer_size(handle, settings.bufferLength)
    _ = unsafe pcap_set_timeout(handle, settings.gatheringTime)
    _ = unsafe pcap_set_immediate_mode(handle, settings.isImmediate ? 1 : 0)
    _ = unsafe pcap_set_tstamp_precision(handle, CInt(PCAP_TSTAMP_PRECISION_NANO))
    let status = unsafe pcap_activate(handle)
    guard status >= 0 else { throw unsafe activationError(handle, status, settings.interface) }
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard unsafe pcap_setnonblock(handle, 1, &text) == 0 else {
      throw LiveCaptureError(
        operation: "capture on", interface: settings.interface, reason: string(text))
    }
    // On "any", the second version of the cooked header names each packet's interface. Where the
    // libpcap is too old for it, the first version does.
    if unsafe pcap_datalink(handle) == DLT_LINUX_SLL {
      _ = unsafe pcap_set_datalink(handle, LinkType.linuxSLL2.dataLink)
    }
    return status > 0 ? unsafe lastError(handle) : nil
  }

  private static func activationError(
    _ handle: OpaquePointer, _ status: CInt, _ interface: String
  ) -> LiveCaptureError {
    // The status has a text of its own; the handle's says more where there is one.
    let detail = unsafe lastError(handle)
    let general = unsafe pcap_statustostr(status).map { unsafe String(cString: $0) } ?? ""
    let remedy: String? =
      switch status {
      case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
        "run as root, or: sudo setcap cap_net_raw,cap_net_admin+ep "
          + (Privileges.programPath ?? "PROGRAM")
      case PCAP_ERROR_NO_SUCH_DEVICE: "`sniff-swift -D` lists the interfaces"
      case PCAP_ERROR_IFACE_NOT_UP: "sudo ip link set \(interface) up"
      default: nil
      }
    return LiveCaptureError(
      operation: "capture on", interface: interface,
      reason: remedy == nil && !detail.isEmpty ? detail : general, remedy: remedy)
  }

  /// Lets the kernel drop what does not match, from here on.
  /// The corresponding C calls are `pcap_lookupnet`, `pcap_compile` and `pcap_setfilter`.
  public func setFilter(_ expression: String) throws(FilterError) {
    var (network, netmask): (bpf_u_int32, bpf_u_int32) = (0, unknownNetmask)
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    if unsafe pcap_lookupnet(settings.interface, &network, &netmask, &text) != 0 {
      netmask = unknownNetmask
    }
    var program = unsafe try compile(expression, with: handle, netmask: netmask)
    defer { unsafe pcap_freecode(&program) }
    guard unsafe pcap_setfilter(handle, &program) == 0 else {
      throw FilterError(expression: expression, reason: unsafe lastError(handle))
    }
  }

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
    return Statistics(
      received: counted.ps_recv, droppedByKernel: counted.ps_drop,
      droppedByInterface: counted.ps_ifdrop)
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
