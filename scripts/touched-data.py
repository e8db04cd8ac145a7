"""The variables of the runtime that a run of a tool touches, each with a section of its own, a name a line.

Usage: touched-data.py TOOL TRACE ENTRY

TRACE is what valgrind's lackey wrote with --trace-mem=yes, ENTRY where the tool's entry point was then, in
hexadecimal. The tool has its symbols."""
import bisect
import re
import subprocess
import sys


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main():
    tool, trace, entry = sys.argv[1], sys.argv[2], int(sys.argv[3], 16)
    header = output("readelf", "-h", tool)
    base = entry - int(re.search(r"Entry point address:\s+0x([0-9a-f]+)", header)[1], 16)
    variables = []
    for line in output("nm", "-S", "-n", tool).splitlines():
        words = line.split()
        # Variables of Swift modules ($s...) share one section a module.
        if len(words) == 4 and words[2] in "bB" and not words[3].startswith("$"):
            variables.append((int(words[0], 16), int(words[1], 16), words[3]))
    starts = [start for start, _, _ in variables]
    touched = set()
    with open(trace, encoding="ascii", errors="replace") as lines:
        for line in lines:
            if line[:2] not in (" L", " S", " M"):
                continue
            address = int(line[3:].split(",")[0], 16) - base
            place = bisect.bisect_right(starts, address) - 1
            if place >= 0 and address < sum(variables[place][:2]):
                touched.add(variables[place])
    # The small ones share a page; behind them come the heads of large ones.
    for _, _, name in sorted(touched, key=lambda variable: (variable[1], variable[2])):
        print(name)


main()
