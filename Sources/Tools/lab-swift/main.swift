import LabCommand
import LinuxSystem

ProcessExit.end(with: LabCommand.run(Array(CommandLine.arguments.dropFirst())))
