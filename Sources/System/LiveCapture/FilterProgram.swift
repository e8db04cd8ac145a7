internal import CPcap
public import PacketWire

/// A compiled filter expression (pcap-filter(7)), for packets that do not come from a live capture.
///
/// Safe to use: the program is made by libpcap alone, and freed once, when this goes.
@safe
public struct FilterProgram: ~Copyable {
  private var program: bpf_program

  /// Compiles `expression` for frames of one link type.
  /// The corresponding C calls are `pcap_open_dead` and `pcap_compile`.
  public init(_ expression: String, linkType: LinkType) throws(FilterError) {
    guard let handle = unsafe pcap_open_dead(linkType.dataLinkType, 262_144) else {
      throw FilterError(expression: expression, reason: "out of memory")
    }
    defer { unsafe pcap_close(handle) }
    unsafe program = try unsafe compile(expression, with: handle)
  }

  deinit {
    // `pcap_freecode` takes the address of what is to be emptied; the copy owns the same memory.
    var program = unsafe program
    unsafe pcap_freecode(&program)
  }

  /// The frame passes. The corresponding C call is `pcap_offline_filter`.
  public func matches(_ octets: Span<UInt8>, originalLength: Int) -> Bool {
    var header = pcap_pkthdr()
    header.caplen = UInt32(clamping: octets.count)
    header.len = UInt32(clamping: originalLength)
    var program = unsafe program
    return unsafe octets.withUnsafeBufferPointer { buffer in
      // BPF checks each load against `caplen`. An empty buffer may have no address.
      guard let base = buffer.baseAddress else { return false }
      return unsafe pcap_offline_filter(&program, &header, base) != 0
    }
  }
}

/// Compiles for the link type of an open handle. The caller frees the program.
func compile(
  _ expression: String, with handle: OpaquePointer
) throws(FilterError) -> bpf_program {
  var program = unsafe bpf_program()
  // The netmask matters to "ip broadcast" alone, which is refused without one (pcap_compile(3)).
  guard unsafe pcap_compile(handle, &program, expression, 1, UInt32.max) == 0 else {
    throw FilterError(expression: expression, reason: unsafe lastError(handle))
  }
  return unsafe program
}

extension LinkType {
  /// What libpcap calls it on this system: its DLT_ numbers are the registry's but for raw IP, which
  /// is 12 on Linux and 101 in files (the comment in pcap/dlt.h).
  var dataLinkType: CInt { self == .raw ? DLT_RAW : CInt(clamping: rawValue) }

  /// The registry's number for what libpcap calls `dataLinkType` on this system.
  init(dataLinkType: CInt) {
    self = dataLinkType == DLT_RAW ? .raw : LinkType(rawValue: UInt32(clamping: dataLinkType))
  }
}
