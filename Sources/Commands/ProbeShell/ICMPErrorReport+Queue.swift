public import LinuxNet
public import ProbeEngine

extension ICMPErrorReport {
  /// An error as a socket's error queue tells it.
  public init(_ report: ICMPReport) {
    self.init(
      family: report.family, type: report.type, code: report.code, source: report.offender,
      detail: report.information, timeToLive: report.timeToLive)
  }
}
