import Glibc
public import LinuxSystem

extension SystemError {
  /// A probe that no IP header can describe; the kernel's own word for it is EMSGSIZE.
  public static func messageTooLong(sendingTo target: Endpoint) -> SystemError {
    SystemError("send", on: "to \(target)", errorNumber: EMSGSIZE)
  }
}
