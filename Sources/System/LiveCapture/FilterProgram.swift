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
    guard let handle = unsafe pcap_open_dead(linkType.dataLink, 262_144) else {
      throw FilterError(expression: expression, reason: "out of memory")
    }
    defer { unsafe pcap_close(handle) }
    unsafe program = try unsafe compile(expression, with: handle, netmask: unknownNetmask)
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

/// PCAP_NETMASK_UNKNOWN: "ip broadcast", which alone needs a netmask, is then refused.
let unknownNetmask = bpf_u_int32.max

/// Compiles for the link type of an open handle. The caller frees the program.
func compile(
  _ expression: String, with handle: OpaquePointer, netmask: bpf_u_int32
) throws(FilterError) -> bpf_program {
  var program = unsafe bpf_program()
  guard unsafe pcap_compile(handle, &program, expression, 1, netmask) == 0 else {
    throw FilterError(expression: expression, reason: unsafe lastError(handle))
  }
  return unsafe program
}
