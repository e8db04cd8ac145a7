import LinuxSystem
import PingCommand

ProcessExit.end(with: PingCommand.run(ProcessArguments.all))
