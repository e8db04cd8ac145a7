import LinuxSystem
import TracerouteCommand

ProcessExit.end(with: TracerouteCommand.run(ProcessArguments.all))
