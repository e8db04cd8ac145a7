internal import CPcap
public import PacketWire

/// One of libpcap's numbered choices, with its names: a link type or a kind of time stamps.
public struct CaptureChoice: Hashable, Sendable {
  /// libpcap's number, of this host.
  public var number: CInt
  /// What it is called on a command line; nil where libpcap has no name.
  public var name: String?
  /// What it is, in libpcap's words.
  public var summary: String?

  /// The link type of this name, in either case: `EN10MB`.
  /// The corresponding C call is `pcap_datalink_name_to_val`.
  public static func dataLink(named name: String) -> CaptureChoice? {
    let number = unsafe pcap_datalink_name_to_val(name)
    return number < 0 ? nil : dataLink(number)
  }

  /// The kind of time stamps of this name: `adapter_unsynced`.
  /// The corresponding C call is `pcap_tstamp_type_name_to_val`.
  public static func timestampType(named name: String) -> CaptureChoice? {
    let number = unsafe pcap_tstamp_type_name_to_val(name)
    return number < 0 ? nil : timestampType(number)
  }

  static func dataLink(_ number: CInt) -> CaptureChoice {
    unsafe CaptureChoice(
      number: number, name: text(pcap_datalink_val_to_name(number)),
      summary: text(pcap_datalink_val_to_description(number)))
  }

  static func timestampType(_ number: CInt) -> CaptureChoice {
    unsafe CaptureChoice(
      number: number, name: text(pcap_tstamp_type_val_to_name(number)),
      summary: text(pcap_tstamp_type_val_to_description(number)))
  }

  /// libpcap's constant strings.
  private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
    unsafe pointer.map { unsafe String(cString: $0) }
  }

  /// "EN10MB (Ethernet)".
  public var words: String {
    (name ?? "\(number)") + (summary.map { " (\($0))" } ?? "")
  }

  /// How files number this link type.
  public var linkType: LinkType { LinkType(dataLink: number) }
}

/// What can be chosen at an interface.
public struct CaptureChoices: Hashable, Sendable {
  /// Link types.
  public var dataLinks: [CaptureChoice]
  /// Kinds of time stamps; none where they cannot be chosen.
  public var timestampTypes: [CaptureChoice]
  /// The interface has a monitor mode.
  public var hasMonitorMode: Bool

  /// Asks an interface. The corresponding C calls are `pcap_list_datalinks`,
  /// `pcap_list_tstamp_types` and `pcap_can_set_rfmon`.
  public init(of settings: LiveCapture.Settings) throws(LiveCaptureError) {
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_create(settings.interface, &text) else {
      throw LiveCaptureError(
        operation: "look at", interface: settings.interface, reason: string(text))
    }
    defer { unsafe pcap_close(handle) }
    hasMonitorMode = unsafe pcap_can_set_rfmon(handle) == 1
    timestampTypes = unsafe Self.numbers(
      { unsafe pcap_list_tstamp_types(handle, $0) }, { unsafe pcap_free_tstamp_types($0) }
    ).map { .timestampType($0) }
    _ = try unsafe activate(handle, settings)
    dataLinks = unsafe Self.numbers(
      { unsafe pcap_list_datalinks(handle, $0) }, { unsafe pcap_free_datalinks($0) }
    ).map { .dataLink($0) }
  }

  /// A list of libpcap's, which is freed at once.
  private static func numbers(
    _ list: (UnsafeMutablePointer<UnsafeMutablePointer<CInt>?>) -> CInt,
    _ free: (UnsafeMutablePointer<CInt>?) -> Void
  ) -> [CInt] {
    var first: UnsafeMutablePointer<CInt>?
    let count = unsafe list(&first)
    guard count > 0, let start = unsafe first else { return [] }
    defer { unsafe free(start) }
    return unsafe Array(UnsafeBufferPointer(start: start, count: Int(count)))
  }
}
