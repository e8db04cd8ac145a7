internal import CPcap
import Glibc

/// An interface that packets can be captured on, as `pcap_findalldevs` tells it.
public struct CaptureDevice: Hashable, Sendable {
  /// What `LiveCapture` takes.
  public var name: String
  /// What it is, in libpcap's words, if it has any.
  public var summary: String?
  /// The bits of PCAP_IF_: loopback, up, running, wireless, connection status.
  public var flags: UInt32

  /// It is administratively up.
  public var isUp: Bool { flags & UInt32(PCAP_IF_UP) != 0 }
  /// It works (has a carrier).
  public var isRunning: Bool { flags & UInt32(PCAP_IF_RUNNING) != 0 }
  /// Packets on it never leave the host.
  public var isLoopback: Bool { flags & UInt32(PCAP_IF_LOOPBACK) != 0 }
  /// It is wireless.
  public var isWireless: Bool { flags & UInt32(PCAP_IF_WIRELESS) != 0 }
  /// "Connected", "Disconnected", or nothing where that cannot be said.
  public var connection: String? {
    switch flags & UInt32(PCAP_IF_CONNECTION_STATUS) {
    case UInt32(PCAP_IF_CONNECTION_STATUS_CONNECTED): "Connected"
    case UInt32(PCAP_IF_CONNECTION_STATUS_DISCONNECTED): "Disconnected"
    default: nil
    }
  }

  /// All of them, the best to capture on first. The corresponding C call is `pcap_findalldevs`.
  public static func all() throws(LiveCaptureError) -> [CaptureDevice] {
    var first: UnsafeMutablePointer<pcap_if_t>?
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard unsafe pcap_findalldevs(&first, &text) == 0 else {
      throw LiveCaptureError(
        operation: "list", interface: "the interfaces", reason: string(text))
    }
    defer { unsafe pcap_freealldevs(first) }
    var devices: [CaptureDevice] = []
    var next = unsafe first
    // A linked list of libpcap's, which lives until it is freed above.
    while let device = unsafe next {
      if let name = unsafe device.pointee.name {
        devices.append(
          CaptureDevice(
            name: unsafe String(cString: name),
            summary: unsafe device.pointee.description.map { unsafe String(cString: $0) },
            flags: unsafe device.pointee.flags))
      }
      unsafe next = unsafe device.pointee.next
    }
    return devices
  }

  /// What to capture on when the user names nothing: the first that is up, runs and is no loopback,
  /// or else all of them together.
  public static func preferred() throws(LiveCaptureError) -> String {
    let first = try all().first { $0.isUp && $0.isRunning && !$0.isLoopback && $0.name != "any" }
    return first?.name ?? "any"
  }
}
