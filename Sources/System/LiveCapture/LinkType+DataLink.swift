internal import CPcap
import PacketWire

// A capture file numbers its link types the same everywhere; libpcap's functions take and give the
// DLT_ numbers of the host. They differ for a few types that each BSD had numbered for itself
// (pcap-linktype(7)).
extension LinkType {
  private static let differing: [(file: LinkType, host: CInt)] = [
    (LinkType(rawValue: 100), DLT_ATM_RFC1483), (.raw, DLT_RAW),
    (LinkType(rawValue: 102), DLT_SLIP_BSDOS), (LinkType(rawValue: 103), DLT_PPP_BSDOS),
  ]

  /// The link type of a DLT_ number.
  init(dataLink: CInt) {
    self =
      Self.differing.first { $0.host == dataLink }?.file
      ?? LinkType(rawValue: UInt32(clamping: dataLink))
  }

  /// The DLT_ number of this link type. Old files have DLT_RAW itself, or OpenBSD's 14 for it.
  var dataLink: CInt {
    if rawValue == 14 { return DLT_RAW }
    return Self.differing.first { $0.file == self }?.host ?? CInt(clamping: rawValue)
  }
}
