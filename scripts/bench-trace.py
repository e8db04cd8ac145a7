"""How long traceroute-swift, traceroute and mtr take for a path, and how true the delays are that they print.

Usage: bench-trace.py FOLDER_OF_TOOLS [RUNS]

The path is a lab of fifteen hops, 10 ms each way and hop, two of them silent and one that limits its errors.
What a delay really was is measured by a capture on the client's interface: from a probe's stamp to that of its
answer. As root.
"""
import os
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HOPS = 15
SILENT = (5, 9)
LIMITED = 7
TARGET = "203.0.113.80"


def topology(path):
    with open(path, "w", encoding="ascii") as file:
        file.write("client client.test 198.18.0.2 2001:db8::2\n")
        for hop in range(1, HOPS):
            manners = " silent" if hop in SILENT else " limit 1/s:2" if hop == LIMITED else ""
            file.write(f"router r{hop}.test 198.18.{hop}.1 2001:db8:{hop}::1 delay 5ms{manners}\n")
        file.write(f"site www.test {TARGET} 2001:db8:cb::80 delay 5ms\n")


class Lab:
    def __init__(self, tools, file):
        self.tool, self.file = tools + "/lab-swift", file

    def __enter__(self):
        subprocess.run([self.tool, "up", "benchtrace", "--topology", self.file], check=True)
        return self

    def __exit__(self, *_):
        subprocess.run([self.tool, "down", "benchtrace"], check=True)

    def command(self, *words):
        return [self.tool, "run", "--in", "benchtrace", "--", *words]

    def timed(self, *words):
        """Seconds, and the text."""
        # The time is the command's own, without the way into the lab.
        clock = ["python3", "-c",
                 "import subprocess,sys,time;s=time.perf_counter();"
                 "r=subprocess.run(sys.argv[1:],capture_output=True,text=True);"
                 "print(time.perf_counter()-s);print(r.stdout)"]
        text = subprocess.run(self.command(*clock, *words), capture_output=True, text=True,
                              check=True).stdout
        first, rest = text.split("\n", 1)
        return float(first), rest

    def captured(self, words, path):
        """The text of a command while its packets are captured."""
        listener = subprocess.Popen(
            self.command("tcpdump", "-Z", "root", "-U", "--immediate-mode", "-i", "any", "-w", path,
                         "--time-stamp-precision=nano", "icmp or udp or tcp"),
            stderr=subprocess.PIPE, text=True)
        while "listening" not in listener.stderr.readline():
            pass
        text = self.timed(*words)[1]
        time.sleep(0.4)
        subprocess.run(self.command("pkill", "-INT", "-f", path), check=False)
        listener.wait(10)
        return text


def packets(path):
    """IPv4 packets with their times in nanoseconds."""
    data = open(path, "rb").read()
    link = struct.unpack_from("<I", data, 20)[0] & 0xffff
    skip = {1: 14, 101: 0, 113: 16, 276: 20}[link]
    place = 24
    while place + 16 <= len(data):
        seconds, fraction, length = struct.unpack_from("<III", data, place)
        packet = data[place + 16 + skip:place + 16 + length]
        place += 16 + length
        if packet and packet[0] >> 4 == 4:
            yield seconds * 10**9 + fraction, packet


def key(packet):
    """What tells a probe from others, in it and in what is quoted of it."""
    start = (packet[0] & 15) * 4
    return packet[4:6], packet[9], packet[start:start + 4]


def wire_delays(path):
    """By TTL: the round trips on the wire in ms, in the order of sending; nil for no answer."""
    sent, delays = {}, {}
    for stamp, packet in packets(path):
        start = (packet[0] & 15) * 4
        if packet[9] == 1 and packet[start] in (3, 11):
            quoted = packet[start + 8:]
            entry = sent.get(key(quoted))
            if entry and entry[1] is None:
                entry[1] = (stamp - entry[0]) / 1e6
        elif packet[12:16] == bytes((198, 18, 0, 2)):
            entry = [stamp, None]
            sent.setdefault(key(packet), entry)
            delays.setdefault(packet[8], []).append(sent[key(packet)])
    return {ttl: [entry[1] for entry in entries] for ttl, entries in delays.items()}


def errors(text, wire):
    """By how many microseconds printed delays differ from those on the wire, of hops before the target."""
    differences = []
    for line in text.splitlines():
        match = re.match(r"\s*(\d+)  ", line)
        if not match or int(match[1]) >= HOPS:
            continue
        words = re.findall(r"(\*)|([\d.]+) ms", line)
        true = wire.get(int(match[1]), [])
        for (star, delay), real in zip(words, true):
            if not star and real is not None:
                differences.append((float(delay) - real) * 1000)
    return differences


def main():
    tools, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    ours = tools + "/traceroute-swift"
    commands = {
        "traceroute-swift": [ours, "-n", TARGET],
        "traceroute-swift -I": [ours, "-n", "-I", TARGET],
        "traceroute-swift -T": [ours, "-n", "-T", TARGET],
        "traceroute": ["traceroute", "-n", TARGET],
        "traceroute -I": ["traceroute", "-n", "-I", TARGET],
        "mtr -r -c 3": ["mtr", "-n", "-r", "-c", "3", TARGET],
    }
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        topology(folder + "/path.lab")
        times = {name: [] for name in commands}
        differences = {name: [] for name in commands}
        with Lab(tools, folder + "/path.lab") as lab:
            for run in range(runs):
                for name, words in commands.items():
                    # The limited hop has its tokens back.
                    time.sleep(2.2)
                    times[name].append(lab.timed(*words)[0])
                    if "mtr" in name or "-T" in name:
                        continue
                    time.sleep(2.2)
                    path = f"{folder}/{run}{len(differences[name])}.pcap"
                    text = lab.captured(words, path)
                    differences[name] += errors(text, wire_delays(path))
    longest = 2 * HOPS * 0.005
    print(f"{HOPS} hops, the longest round trip {longest * 1000:.0f} ms; hops {SILENT} silent,"
          f" hop {LIMITED} limited; {runs} runs, medians")
    print(f"  {'':26}{'seconds':>8}{'of 1.5 RTT + 0.2 s':>20}{'error, median':>16}{'99 in 100':>12}")
    for name, values in times.items():
        seconds = statistics.median(values)
        found = sorted(abs(value) for value in differences[name])
        error = (f"{statistics.median(found):13.1f} us{found[len(found) * 99 // 100]:9.1f} us"
                 if found else f"{'-':>16}{'-':>12}")
        print(f"  {name:26}{seconds:8.3f}{seconds / (1.5 * longest + 0.2):20.2f}{error}")


main()
