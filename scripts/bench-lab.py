"""How many packets a second a lab carries, and how much more than asked it delays them.

Usage: bench-lab.py FOLDER_OF_TOOLS [RUNS]
"""
import json
import re
import statistics
import subprocess
import sys

# Sends datagrams of 64 octets for so many seconds, as fast as one process can.
SENDER = """
import socket, sys, time
end = time.monotonic() + float(sys.argv[1])
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while time.monotonic() < end:
    for _ in range(100):
        try:
            out.sendto(b"x" * 64, ("203.0.113.80", 9))
        except OSError:  # the site refuses, as it should
            pass
"""


class Lab:
    """A lab that is up while the block runs."""

    def __init__(self, tool, *options):
        self.tool, self.name, self.options = tool, "bench", options

    def __enter__(self):
        subprocess.run([self.tool, "up", self.name, *self.options], check=True)
        return self

    def __exit__(self, *_):
        subprocess.run([self.tool, "down", self.name], check=True)

    def run(self, *command):
        return subprocess.run(
            [self.tool, "run", "--in", self.name, "--", *command],
            capture_output=True, text=True, check=False).stdout

    def delivered(self):
        """Packets that have come out of the simulated internet so far."""
        lines = subprocess.run(
            [self.tool, "status", "--json"], capture_output=True, text=True, check=True).stdout
        labs = [json.loads(line) for line in lines.splitlines()]
        return next(lab["delivered"] for lab in labs if lab["name"] == self.name)


def throughput(tool, routers, seconds=4):
    with Lab(tool, "--routers", str(routers), "--delay", "0") as lab:
        before = lab.delivered()
        lab.run("python3", "-c", SENDER, str(seconds))
        return (lab.delivered() - before) / seconds


def lateness(tool, routers, delay):
    """Milliseconds by which round trips are longer than asked: median, and 99 in a hundred."""
    asked = 2 * (routers + 1) * delay
    with Lab(tool, "--routers", str(routers), "--delay", str(delay)) as lab:
        output = lab.run("ping", "-n", "-c", "500", "-i", "0.01", "203.0.113.80")
    late = sorted(float(time) - asked for time in re.findall(r"time=([0-9.]+)", output))
    return statistics.median(late), late[len(late) * 99 // 100]


def main():
    tool = sys.argv[1] + "/lab-swift"
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    for routers in (1, 11):
        rates = [throughput(tool, routers) for _ in range(runs)]
        print(f"{routers:2} routers: {statistics.median(rates):,.0f} packets a second between the two "
              f"TUN devices ({min(rates):,.0f} to {max(rates):,.0f})")
    for routers, delay in ((1, 0), (1, 5), (3, 5)):
        times = [lateness(tool, routers, delay) for _ in range(runs)]
        median, most = (statistics.median(column) for column in zip(*times))
        print(f"{routers:2} routers, {delay} ms a link: round trips {median:.3f} ms longer than asked, "
              f"{most:.3f} ms at the 99th percentile")


main()
