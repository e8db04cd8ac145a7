/// A program to be run and what it is given.
public struct Command: Hashable, Sendable {
  /// The program, looked up in PATH, then its arguments.
  public var arguments: [String]
  /// Variables added to our own environment, or put in the place of ours.
  public var environment: [String: String] = [:]
  /// The descriptor that becomes its standard input; nil: ours.
  public var input: CInt?
  /// The descriptor that becomes its standard output; nil: ours.
  public var output: CInt?
  /// The descriptor that becomes its standard error; nil: ours.
  public var error: CInt?
  /// Who it runs as; nil: as we do. All supplementary groups are given up.
  public var identity: Identity?

  /// The kernel kills it when this process dies, however that happens; a program that gains
  /// privileges as it starts escapes this, and so do the processes that it starts itself. The
  /// corresponding C call is `prctl(PR_SET_PDEATHSIG)`.
  public var endsWithParent = false

  /// It is the first process of a job of its own, which gets the foreground of the terminal that is its
  /// standard input: for an interactive shell. In a new PID namespace it could not give its terminal
  /// back to our job, whose number it cannot say. The corresponding C calls are `setpgid` and
  /// `tcsetpgrp`.
  public var leadsJob = false

  /// A user and a group by number.
  public struct Identity: Hashable, Sendable {
    /// The user's number.
    public var user: UInt32
    /// The group's number.
    public var group: UInt32

    /// A user and a group by number.
    public init(user: UInt32, group: UInt32) { (self.user, self.group) = (user, group) }
  }

  /// A program and its arguments, everything else inherited. `arguments` is not empty.
  public init(_ arguments: [String]) {
    precondition(!arguments.isEmpty, "a command has a program")
    self.arguments = arguments
  }
}
