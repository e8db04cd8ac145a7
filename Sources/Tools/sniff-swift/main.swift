import LinuxSystem
import SniffCommand

ProcessExit.end(with: SniffCommand.run(Array(CommandLine.arguments.dropFirst())))
