import LinuxSystem
import SniffCommand

ProcessExit.end(with: SniffCommand.run(ProcessArguments.all))
