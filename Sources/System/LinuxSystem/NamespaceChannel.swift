internal import CLinux
import Glibc

/// One end of what a PID namespace's owner, outside, and its first process, inside, say to each other.
/// Each message is two whole numbers.
struct NamespaceChannel: ~Copyable {
  enum Message: Hashable {
    /// Outside: show the namespace's processes at /proc.
    case mountProc
    /// Inside: done, or the number of the error.
    case mounted(CInt)
    /// Outside: run the command.
    case release
    /// Inside: it runs, or the number of the error.
    case started(CInt)
    /// Outside: pass a signal on to the command.
    case signal(CInt)
    /// Inside: the command's status word.
    case ended(CInt)
    /// There is nobody at the other end any more.
    case gone
    /// Nothing was said yet.
    case nothing

    fileprivate init(_ words: (CInt, CInt)) {
      switch words.0 {
      case 1: self = .mountProc
      case 2: self = .mounted(words.1)
      case 3: self = .release
      case 4: self = .started(words.1)
      case 5: self = .signal(words.1)
      case 6: self = .ended(words.1)
      default: self = .gone
      }
    }

    fileprivate var words: (CInt, CInt) {
      switch self {
      case .mountProc: (1, 0)
      case .mounted(let number): (2, number)
      case .release: (3, 0)
      case .started(let number): (4, number)
      case .signal(let number): (5, number)
      case .ended(let word): (6, word)
      case .gone, .nothing: (0, 0)
      }
    }
  }

  private static let size = MemoryLayout<(CInt, CInt)>.size

  private let descriptor: Descriptor

  /// Both ends; one that is not taken is closed with the other.
  struct Pair: ~Copyable {
    fileprivate let outer: NamespaceChannel
    fileprivate let inner: NamespaceChannel

    consuming func takeOuter() -> NamespaceChannel { outer }
    consuming func takeInner() -> NamespaceChannel { inner }
  }

  /// Two new ends, closed on exec. The corresponding C call is `socketpair`.
  static func pair() throws(SystemError) -> Pair {
    var ends: (CInt, CInt) = (-1, -1)
    _ = try systemCall("make a pair of sockets") {
      // A homogeneous tuple has the layout of the C array.
      unsafe withUnsafeMutableBytes(of: &ends) { bytes in
        unsafe socketpair(
          AF_UNIX, CInt(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0,
          bytes.baseAddress?.assumingMemoryBound(to: CInt.self))
      }
    }
    return Pair(
      outer: NamespaceChannel(descriptor: Descriptor(owning: ends.0)),
      inner: NamespaceChannel(descriptor: Descriptor(owning: ends.1)))
  }

  var descriptorNumber: CInt { descriptor.rawValue }

  func send(_ message: Message) throws(SystemError) {
    var words = message.words
    _ = try systemCall("speak to the first process of a PID namespace") {
      // The words are borrowed for the call only.
      unsafe withUnsafeMutableBytes(of: &words) { bytes in
        unsafe Glibc::send(descriptor.rawValue, bytes.baseAddress, Self.size, CInt(MSG_NOSIGNAL))
      }
    }
  }

  /// The next message; `.nothing` if there is none and it is not to be waited for.
  func receive(waits: Bool = true) throws(SystemError) -> Message {
    var words: (CInt, CInt) = (0, 0)
    let count = try systemCallUnlessWaiting("hear the first process of a PID namespace") {
      // The kernel writes one whole message or nothing.
      unsafe withUnsafeMutableBytes(of: &words) { bytes in
        unsafe Glibc::recv(
          descriptor.rawValue, bytes.baseAddress, Self.size, waits ? 0 : CInt(MSG_DONTWAIT))
      }
    }
    guard let count else { return .nothing }
    return count == Self.size ? Message(words) : .gone
  }
}
