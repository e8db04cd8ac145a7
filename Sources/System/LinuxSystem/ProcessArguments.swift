internal import CLinux

/// The command line of this process.
public enum ProcessArguments {
  /// The arguments behind the program's own name. What is not UTF-8 in them becomes U+FFFD.
  ///
  /// `CommandLine.arguments` says the same, but looks for it in /proc/self/maps first, which is a
  /// twelfth of the time that a tool takes to print its help.
  public static var all: [String] {
    // The kernel's copy of the arguments lives as long as the process.
    (1..<max(1, clinux_argument_count())).compactMap { index in
      unsafe clinux_argument(index).map { unsafe String(cString: $0) }
    }
  }
}
