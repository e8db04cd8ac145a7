public import LinuxNet
import PacketWire
public import ProbeEngine

extension ICMPErrorReport {
  /// An error as a socket's error queue tells it.
  public init(_ report: ICMPReport) {
    // Of ICMP's parameter problem the kernel tells the pointer, which is the first octet of the word.
    let isPointer =
      report.family == .v4
      && ICMPv4Header.MessageType(rawValue: report.type) == .parameterProblem
    self.init(
      family: report.family, type: report.type, code: report.code, source: report.offender,
      detail: isPointer ? report.information << 24 : report.information,
      timeToLive: report.timeToLive)
  }
}
