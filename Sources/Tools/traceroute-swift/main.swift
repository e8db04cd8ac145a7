import LinuxSystem
import TracerouteCommand

ProcessExit.end(with: TracerouteCommand.run(Array(CommandLine.arguments.dropFirst())))
