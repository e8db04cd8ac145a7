internal import CPcap
import PacketWire

/// What libpcap itself gives of a capture file.
struct Savefile {
  struct Packet: Equatable {
    var time: WallInstant
    var originalLength: Int
    var octets: [UInt8]
  }

  var packets: [Packet] = []
  /// The host's DLT_ number.
  var dataLink: CInt
  /// libpcap keeps no more of a packet.
  var snapshotLength: Int
  /// False where libpcap stopped before the file's end.
  var isComplete: Bool

  /// Nil where libpcap does not open the file.
  init?(_ path: String) {
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard
      let handle = unsafe pcap_open_offline_with_tstamp_precision(
        path, u_int(PCAP_TSTAMP_PRECISION_NANO), &text)
    else { return nil }
    defer { unsafe pcap_close(handle) }
    (dataLink, snapshotLength) = unsafe (pcap_datalink(handle), Int(pcap_snapshot(handle)))
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var octets: UnsafePointer<UInt8>?
    var status = unsafe pcap_next_ex(handle, &header, &octets)
    while status == 1, let described = unsafe header?.pointee, let first = unsafe octets {
      // With nanoseconds asked for, tv_usec holds them. Int64 ends in the year 2262.
      let time = Int128(described.ts.tv_sec) * 1_000_000_000 + Int128(described.ts.tv_usec)
      packets.append(
        Packet(
          time: WallInstant(nanoseconds: Int64(clamping: time)), originalLength: Int(described.len),
          octets: unsafe [UInt8](
            UnsafeBufferPointer(start: first, count: Int(described.caplen)))))
      status = unsafe pcap_next_ex(handle, &header, &octets)
    }
    isComplete = status == PCAP_ERROR_BREAK
  }
}
