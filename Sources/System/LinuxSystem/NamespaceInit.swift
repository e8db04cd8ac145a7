internal import CLinux
import Glibc

/// The first process of a PID namespace: it mounts /proc, runs a command if there is one, passes
/// signals on to it, says how it ended, and takes in and forgets the orphans. The kernel kills all
/// others in the namespace when it ends, and it ends with the process outside that started it.
///
/// No signal from inside can end it, and from outside only SIGKILL (pid_namespaces(7)).
struct NamespaceInit: ~Copyable {
  private let channel: NamespaceChannel
  private let children: SignalSource
  private var child: ChildProcess?
  /// Why there is no child although there is a command.
  private var failure: CInt = 0

  /// What the process does until it is killed.
  static func run(_ channel: consuming NamespaceChannel, _ command: Command?) -> Never {
    // The channel's other end is open in the parent only.
    clinux_end_with_parent(channel.descriptorNumber)
    // The kernel copies the name.
    unsafe clinux_name_process("lab-init")
    do throws(SystemError) {
      guard try channel.receive() == .mountProc else { _exit(0) }
      try channel.send(.mounted(clinux_mount_proc()))
      var first = NamespaceInit(channel: channel, children: try SignalSource([.child]))
      try first.prepare(command)
      try first.serve()
    } catch {}
    // The other end has gone, and so shall everything in here.
    _exit(0)
  }

  private init(channel: consuming NamespaceChannel, children: consuming SignalSource) {
    self.channel = channel
    self.children = children
  }

  private mutating func prepare(_ command: Command?) throws(SystemError) {
    if let command {
      do throws(SystemError) {
        child = try ChildProcess(command)
      } catch {
        failure = error.errorNumber
      }
    }
    // The command has its rights and our descriptors. This process needs none of them: neither is a
    // pipe to stay open here after the command has closed it.
    try Privileges.dropAllCapabilities()
    let needed =
      (child?.descriptorNumbers ?? []) + [
        channel.descriptorNumber, children.descriptorNumber,
      ]
    var next: CInt = 0
    for number in needed.sorted() {
      if number > next { clinux_close_from(next, number - 1) }
      next = number + 1
    }
    clinux_close_from(next, CInt.max)
  }

  private mutating func serve() throws(SystemError) {
    var poller = Poller()
    let channelSlot = poller.add(channel.descriptorNumber, interest: .read)
    let childrenSlot = poller.add(children.descriptorNumber, interest: .read)
    while true {
      try poller.wait(until: nil)
      if !poller.readiness(of: channelSlot).isEmpty {
        switch try channel.receive(waits: false) {
        case .release: try channel.send(.started(release()))
        case .signal(let number): try? child?.signal(Signal(rawValue: number))
        case .nothing: break
        default: return
        }
      }
      if !poller.readiness(of: childrenSlot).isEmpty {
        while try children.next() != nil {}
        try reap()
      }
    }
  }

  /// The number of the error, or 0 once the command runs.
  private mutating func release() -> CInt {
    do throws(SystemError) {
      try child?.release()
      return failure
    } catch {
      return error.errorNumber
    }
  }

  /// Takes note of all processes that have ended and belong to us: the command, and orphans.
  private mutating func reap() throws(SystemError) {
    var word: CInt = 0
    // The kernel writes one word.
    while case let ended = unsafe waitpid(-1, &word, WNOHANG), ended > 0 {
      guard child?.noteEnd(of: ended, word: word) == true else { continue }
      try channel.send(.ended(word))
    }
  }
}
