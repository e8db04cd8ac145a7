"""ping-swift beside ping, fping and the least that the kernel asks for.

Usage: bench-ping.py FOLDER_OF_TOOLS [RUNS]

Everything runs in network namespaces of its own: loopback, a veth pair, and the lab.
"""
import os
import re
import statistics
import struct
import subprocess
import sys
import tempfile

import alternate

FLOOD = 100_000
TARGETS = 60_000


def sh(line):
    subprocess.run(["sh", "-ec", line], check=True, stdout=subprocess.DEVNULL)


def inside_own_namespaces():
    """Starts this script again where nothing of the machine's own network is."""
    if os.environ.get("WIREWALK_BENCH_INSIDE") != "1":
        os.environ["WIREWALK_BENCH_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "-n", "-m", sys.executable, *sys.argv])
    sh("mount -t tmpfs bench /run/netns 2>/dev/null || { mkdir -p /run/netns;"
       " mount -t tmpfs bench /run/netns; }")
    sh("ip link set lo up; ip netns add peer; ip link add near type veth peer name far netns peer")
    sh("ip addr add 198.18.3.1/24 dev near; ip addr add 2001:db8:3::1/64 dev near nodad;"
       " ip link set near up")
    sh("ip -n peer addr add 198.18.3.2/24 dev far; ip -n peer addr add 2001:db8:3::2/64 dev far nodad;"
       " ip -n peer link set far up; ip -n peer link set lo up")
    sh("nft 'table inet bench { chain in { type filter hook input priority 0;"
       " ip daddr 127.9.0.0/16 icmp type echo-request drop; }; }'")


def compare(title, names, commands, runs, unit):
    """A line for each command: time a unit, and how it stands to the first."""
    print(f"\n{title}")
    times = alternate.medians(commands, runs)
    for name, time in zip(names, times):
        print(f"  {name:36} {time / unit * 1e6:8.2f} us {time / times[0]:6.2f}")
    return times


def flood(tools, floor, runs):
    for where, address in (("loopback", "127.0.0.1"), ("veth", "198.18.3.2"),
                           ("veth, IPv6", "2001:db8:3::2")):
        count = str(FLOOD)
        commands = {
            "ping -f": ["ping", "-f", "-q", "-c", count, address],
            "ping -f -l 64": ["ping", "-f", "-q", "-l", "64", "-c", count, address],
            "ping-swift -f": [tools + "/ping-swift", "-f", "-q", "-c", count, address],
            "ping-swift -f -l 64": [
                tools + "/ping-swift", "-f", "-q", "-l", "64", "-c", count, address],
        }
        if ":" not in address:
            commands["bare loop, 1 in flight"] = [floor, "window", count, address, "1"]
            commands["bare loop, 64 in flight"] = [floor, "window", count, address, "64"]
        compare(f"flood, {where}: a round trip, and beside ping -f",
                commands, list(commands.values()), runs, FLOOD)


def sweep(tools, floor, runs, folder):
    for state in ("all alive", "half dead"):
        path = f"{folder}/{state.replace(' ', '-')}"
        with open(path, "w", encoding="ascii") as file:
            for index in range(TARGETS):
                dead = state == "half dead" and index % 2
                file.write(f"127.{9 if dead else 1}.{index // 250 % 256}.{1 + index % 250}\n")
        ours = [tools + "/ping-swift", "--sweep", "-q", "--gap", "0", "--targets", path]
        commands = {"fping -i 0 -r 0": ["fping", "-q", "-i", "0", "-r", "0", "-f", path],
                    "ping-swift --sweep --gap 0": ours}
        if state == "all alive":
            commands["bare loop"] = [floor, "sweep", path]
        else:
            commands["fping -i 0"] = ["fping", "-q", "-i", "0", "-f", path]
        times = compare(f"sweep of {TARGETS} loopback addresses, {state}: a target, and beside fping",
                        commands, list(commands.values()), runs, TARGETS)
        said = subprocess.run(["/usr/bin/env", "time", "-f", "%M", *ours], capture_output=True,
                              text=True, check=False)
        print(f"  {said.stdout.strip()}; {int(said.stderr.split()[-1]) / 1024:.1f} MiB; "
              f"in all {times[1]:.2f} s beside {times[0]:.2f} s")


def wire_times(path):
    """Round trips in microseconds by the stamps of a capture, by sequence number."""
    data = open(path, "rb").read()
    sent, round_trips, offset = {}, {}, 24
    while offset + 16 <= len(data):
        seconds, nanoseconds, length, _ = struct.unpack_from("<4I", data, offset)
        packet = data[offset + 16:offset + 16 + length]
        offset += 16 + length
        if len(packet) < 28 or packet[0] >> 4 != 4 or packet[9] != 1:
            continue
        key = struct.unpack_from(">HH", packet, 24)
        time = seconds * 1e6 + nanoseconds / 1e3
        if packet[20] == 8:
            sent[key] = time
        elif packet[20] == 0 and key in sent:
            round_trips[key[1]] = time - sent[key]
    return round_trips


def accuracy(tools, runs, folder):
    """What a ping reports, less what a capture of the same packets says."""
    print("\ndelay over a path of 10 ms: reported less captured, median of a run's echoes")
    commands = {"ping": "ping -n -i 0.02 -c 200 203.0.113.80",
                "ping-swift -3": tools + "/ping-swift -3 -n -i 0.02 -c 200 203.0.113.80"}
    errors = {name: [] for name in commands}
    for run in range(runs):
        for name in sorted(commands, reverse=bool(run % 2)):
            script = (f"tcpdump -i wan0 -nn -Z root --time-stamp-precision=nano --immediate-mode"
                      f" -s 96 -w {folder}/wire.pcap icmp 2>/dev/null & sleep 0.5;"
                      f" {commands[name]} > {folder}/said; sleep 0.2; kill %1; wait")
            subprocess.run([tools + "/lab-swift", "run", "--routers", "0", "--delay", "5", "--",
                            "bash", "-c", script], check=True)
            wire = wire_times(f"{folder}/wire.pcap")
            said = re.findall(r"icmp_seq=(\d+) .*time=([\d.]+) ms", open(f"{folder}/said").read())
            errors[name].append(statistics.median(
                float(time) * 1000 - wire[int(number)] for number, time in said
                if int(number) in wire))
    for name, values in errors.items():
        middle = statistics.median(values)
        print(f"  {name:36} {middle:8.1f} us, each run: {' '.join(f'{v:.1f}' for v in values)}")


def main():
    tools, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    inside_own_namespaces()
    with tempfile.TemporaryDirectory() as folder:
        floor = folder + "/echo-floor"
        source = os.path.join(os.path.dirname(__file__), "../Benchmarks/echo-floor.c")
        subprocess.run(["cc", "-O2", "-o", floor, source], check=True)
        flood(tools, floor, runs)
        sweep(tools, floor, runs, folder)
        compare("one echo, and beside ping", ["ping -c1", "ping-swift -c1"],
                [["ping", "-c1", "127.0.0.1"], [tools + "/ping-swift", "-c1", "127.0.0.1"]],
                runs * 20, 1)
        accuracy(tools, runs, folder)


main()
