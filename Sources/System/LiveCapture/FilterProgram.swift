internal import CPcap
public import LinuxNet
public import PacketWire

/// A compiled filter expression (pcap-filter(7)): for packets that do not come from a live capture,
/// to be shown, or to be set on a capture.
public struct FilterProgram: Sendable {
  /// The instructions, in order.
  public let instructions: [FilterInstruction]
  /// The same as libpcap has them: of the layout of a Swift struct there is no promise.
  private let copies: [bpf_insn]

  /// A program of these instructions.
  public init(_ instructions: [FilterInstruction]) {
    self.instructions = instructions
    copies = instructions.map(\.libpcaps)
  }

  /// Compiles `expression` for frames of one link type.
  /// The corresponding C calls are `pcap_open_dead` and `pcap_compile`.
  public init(
    _ expression: String, linkType: LinkType, isOptimized: Bool = true
  ) throws(FilterError) {
    guard let handle = unsafe pcap_open_dead(linkType.dataLink, 262_144) else {
      throw FilterError(expression: expression, reason: "out of memory")
    }
    defer { unsafe pcap_close(handle) }
    try unsafe self.init(
      expression, with: handle, netmask: unknownNetmask, isOptimized: isOptimized)
  }

  /// Compiles for the link type of an open handle.
  init(
    _ expression: String, with handle: OpaquePointer, netmask: bpf_u_int32, isOptimized: Bool
  ) throws(FilterError) {
    var program = unsafe bpf_program()
    let compiled = unsafe pcap_compile(handle, &program, expression, isOptimized ? 1 : 0, netmask)
    guard compiled == 0 else {
      throw FilterError(expression: expression, reason: unsafe lastError(handle))
    }
    defer { unsafe pcap_freecode(&program) }
    // libpcap's own array of `bf_len` instructions, freed above.
    let compiledInstructions = unsafe UnsafeBufferPointer(
      start: program.bf_insns, count: Int(program.bf_len))
    self.init(
      unsafe compiledInstructions.map {
        FilterInstruction(
          code: $0.code, skipIfTrue: $0.jt, skipIfFalse: $0.jf, constant: $0.k)
      })
  }

  /// The frame passes. The corresponding C call is `pcap_offline_filter`.
  public func matches(_ octets: Span<UInt8>, originalLength: Int) -> Bool {
    var header = pcap_pkthdr()
    header.caplen = UInt32(clamping: octets.count)
    header.len = UInt32(clamping: originalLength)
    return unsafe withProgram { program in
      unsafe octets.withUnsafeBufferPointer { buffer in
        // BPF checks each load against `caplen`. An empty buffer may have no address.
        guard let base = buffer.baseAddress else { return false }
        return unsafe pcap_offline_filter(&program, &header, base) != 0
      }
    }
  }

  /// The instruction at an index as tcpdump -d prints it. The corresponding C call is `bpf_image`.
  public func image(at index: Int) -> String {
    let instruction = copies[index]
    // A static buffer of libpcap's, copied at once.
    return unsafe withUnsafePointer(to: instruction) {
      unsafe bpf_image($0, CInt(clamping: index)).map { unsafe String(cString: $0) } ?? ""
    }
  }

  /// Lends the program to libpcap, which neither changes it nor keeps a pointer to it.
  func withProgram<Result>(_ body: (inout bpf_program) -> Result) -> Result {
    unsafe copies.withUnsafeBufferPointer { buffer in
      var program = unsafe bpf_program(
        bf_len: UInt32(clamping: buffer.count),
        bf_insns: UnsafeMutablePointer(mutating: buffer.baseAddress))
      return unsafe body(&program)
    }
  }
}

extension FilterInstruction {
  var libpcaps: bpf_insn {
    bpf_insn(code: code, jt: skipIfTrue, jf: skipIfFalse, k: constant)
  }
}

/// PCAP_NETMASK_UNKNOWN: "ip broadcast", which alone needs a netmask, is then refused.
let unknownNetmask = bpf_u_int32.max

extension LiveCapture {
  /// Compiles for this capture, without setting it yet.
  /// The corresponding C calls are `pcap_lookupnet` and `pcap_compile`.
  public func filter(
    _ expression: String, isOptimized: Bool = true
  ) throws(FilterError) -> FilterProgram {
    var (network, netmask): (bpf_u_int32, bpf_u_int32) = (0, unknownNetmask)
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    if unsafe pcap_lookupnet(settings.interface, &network, &netmask, &text) != 0 {
      netmask = unknownNetmask
    }
    return try unsafe FilterProgram(
      expression, with: handle, netmask: netmask, isOptimized: isOptimized)
  }

  /// Lets the kernel drop what does not match, from here on.
  /// The corresponding C call is `pcap_setfilter`.
  public func set(_ program: FilterProgram) throws(FilterError) {
    let status = unsafe program.withProgram { unsafe pcap_setfilter(handle, &$0) }
    guard status == 0 else {
      throw FilterError(expression: "", reason: unsafe lastError(handle))
    }
  }

  /// Compiles and sets.
  public func setFilter(_ expression: String) throws(FilterError) {
    try set(try filter(expression))
  }
}
