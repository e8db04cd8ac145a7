internal import CLinux
import Glibc
public import LinuxSystem

/// A namespace that can be entered again, and handed to another process by its descriptor. It exists
/// for as long as this value does.
public struct Namespace: ~Copyable {
  /// What a namespace keeps apart.
  public enum Kind: String, CaseIterable, Sendable {
    /// Users and capabilities.
    case user
    /// Mounts.
    case mount
    /// Interfaces, addresses, routes and sockets.
    case network
    /// Processes.
    case process
  }

  /// What it keeps apart.
  public let kind: Kind
  private let descriptor: Descriptor

  /// Takes over a descriptor that stands for a namespace of this kind.
  public init(owning descriptor: consuming Descriptor, _ kind: Kind) {
    self.descriptor = descriptor
    self.kind = kind
  }

  /// The namespace that the calling thread is in; for processes, the one that its children will be
  /// in. The corresponding C call is `open("/proc/thread-self/ns/…")`.
  public static func current(_ kind: Kind) throws(SystemError) -> Namespace {
    Namespace(
      owning: try .openForReading("/proc/thread-self/ns/\(kind.fileName)"), kind)
  }

  /// Stands for it when it is passed to another process.
  public var descriptorNumber: CInt { descriptor.rawValue }

  /// Moves the calling thread into the namespace; sockets opened before stay where they are. Into a
  /// namespace of processes only what is started later is moved. To enter a user namespace, the
  /// process has a single thread. The corresponding C call is `setns`.
  public func enter() throws(SystemError) {
    _ = try systemCall("enter a \(kind.rawValue) namespace") {
      clinux_setns(descriptor.rawValue, kind.flag)
    }
  }
}

extension Namespace.Kind {
  /// Under /proc/thread-self/ns.
  fileprivate var fileName: String {
    switch self {
    case .user: "user"
    case .mount: "mnt"
    case .network: "net"
    case .process: "pid_for_children"
    }
  }

  fileprivate var flag: CInt {
    switch self {
    case .user: CLONE_NEWUSER
    case .mount: CLONE_NEWNS
    case .network: CLONE_NEWNET
    case .process: CLONE_NEWPID
    }
  }
}
