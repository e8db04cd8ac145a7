import LabCommand
import LinuxSystem

ProcessExit.end(with: LabCommand.run(ProcessArguments.all))
