import CommandLineKit
import LinuxNet
import NameResolution
import PacketWire

/// Where a server is to be.
struct ServerPlace: Hashable, Sendable {
  /// A name or an address of this host.
  var host = "127.0.0.1"
  /// The port; 0 lets the kernel choose.
  var port: UInt16

  /// Looks the name up.
  func endpoint() throws(UsageError) -> Endpoint {
    do throws(ResolutionError) {
      var endpoint = try NameResolver.addresses(of: host)[0]  // at least one
      endpoint.port = port
      return endpoint
    } catch {
      throw UsageError("\(error)")
    }
  }

  /// Says the options of it; the help calls the port that is served without them `usualPort`.
  static func sayOptions<Options>(
    _ options: inout OptionWalk<Options>, _ place: WritableKeyPath<Options, ServerPlace>,
    usualPort: String
  ) {
    options.group("Where")
    options.string(
      "b", "bind", "ADDRESS", help: "an address or name of this host (default 127.0.0.1)"
    ) { $0[keyPath: place].host = $1 }
    options.integer(
      "p", "port", "PORT", in: 0...UInt16.max,
      help: "the port (default \(usualPort)); 0: any that is free"
    ) { $0[keyPath: place].port = $1 }
  }

  /// Says how a server ends.
  static func sayExitCodes(_ notes: inout HelpNotes) {
    notes.exitCode(0, "it was interrupted")
    notes.exitCode(1, "it cannot serve there")
    notes.exitCode(2, "a bad option, or a name that cannot be found")
  }
}
