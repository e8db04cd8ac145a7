"""What it takes to follow the conversations of a capture, beside tshark and tcpflow.
Usage: bench-flows.py FOLDER [RUNS [CAPTURE]]

Without a capture it is the million small packets of bench-decode. A second part reads a million SYNs from
as many addresses and ports, for the memory that they take. Streams are written to memory where there is
such a folder, so that no disk is measured."""
import os
import shutil
import struct
import sys
import tempfile
import alternate
from million_packets import COUNT, peak, write_corpus

folder = sys.argv[1]
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
given = sys.argv[3] if len(sys.argv) > 3 else None
sniff = f"{folder}/sniff-swift"


def count_packets(path):
    """The records of a pcap file of this machine's byte order."""
    data, place, count = open(path, "rb").read(), 24, 0
    while place + 16 <= len(data):
        place += 16 + struct.unpack_from("<I", data, place + 8)[0]
        count += 1
    return count


def write_flood(path):
    """A million SYNs, each of another connection; nobody answers. The checksums are wrong."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        link = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0"
        for number in range(COUNT):
            ip = struct.pack(">BBHHHBBHII", 0x45, 0, 40, number & 0xffff, 0, 64, 6, 0,
                             0xC6120000 + number % 50_000, 0xC6330001)
            tcp = struct.pack(">HHIIBBHHH", 1024 + number // 50_000, 80, number * 2654435761 % 2**32,
                              0, 0x50, 2, 1000, 0, 0)
            out.write(struct.pack("<IIII", 1_700_000_000 + number // 100_000,
                                  number % 100_000 * 10, 54, 54) + link + ip + tcp)


def empty(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)


def sides(file, into):
    return [
        ("tshark -q -z conv,tcp", ["tshark", "-n", "-r", file, "-q", "-z", "conv,tcp"]),
        ("tcpflow -o", ["tcpflow", "-r", file, "-o", into]),
        ("sniff-swift --export-streams", [sniff, "-r", file, "--export-streams", into]),
        ("sniff-swift --stats conversations,tcp",
         [sniff, "-r", file, "--stats", "conversations,tcp"]),
        ("sniff-swift --expert --stats dns,http",
         [sniff, "-r", file, "--expert", "--stats", "dns,http"]),
    ]


memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
with tempfile.TemporaryDirectory() as temporary, tempfile.TemporaryDirectory(dir=memory) as into:
    file = given or os.path.join(temporary, "small.pcap")
    if not given:
        write_corpus(file)
    packets = count_packets(file)
    into = os.path.join(into, "streams")
    compared = sides(file, into)
    times = alternate.medians(
        [command for _, command in compared], runs, before=lambda: empty(into))
    for (name, command), time in zip(compared, times):
        empty(into)
        print(f"flows: {name}: {time / packets * 1e9:.0f} ns a packet, {peak(command):.0f} MiB")
    for index in (2, 3, 4):
        for peer in (0, 1) if index > 2 else (1,):
            print(f"flows: {compared[peer][0]} takes {times[peer] / times[index]:.1f} times as long as "
                  f"{compared[index][0]}")
    flood = os.path.join(temporary, "flood.pcap")
    write_flood(flood)
    for name, command in sides(flood, into)[2:]:
        print(f"flows: a million SYNs: {name}: {peak(command):.0f} MiB")
    print(f"flows: a million SYNs: --story: {peak([sniff, '-r', flood, '--story']):.0f} MiB")
