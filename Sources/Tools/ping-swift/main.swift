import LinuxSystem
import PingCommand

ProcessExit.end(with: PingCommand.run(Array(CommandLine.arguments.dropFirst())))
