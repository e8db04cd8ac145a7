"""Lines a second, beside tcpdump, over a million small packets. Usage: bench-decode.py FOLDER [RUNS]

The packets are those of two of the project's own captures (name look-ups and page loads, handshakes
and all), over and over, each time with another client port, so that they are many connections."""
import os
import struct
import subprocess
import sys
import tempfile
import alternate

folder = sys.argv[1]
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
COUNT = 1_000_000
SMALL = 200  # octets
FIXTURES = ["Tests/Fixtures/names.pcap", "Tests/Fixtures/web.pcap"]
SERVER_PORTS = {53, 80}
COLUMNS = ["frame.number", "frame.time_epoch", "ip.src", "ip.dst", "tcp.srcport", "tcp.dstport",
           "udp.srcport", "udp.dstport", "tcp.flags", "dns.qry.name"]


def packets(path):
    """The small packets of a little-endian pcap file: seconds, microseconds, octets."""
    data = open(path, "rb").read()
    place = 24
    while place < len(data):
        seconds, micros, captured, original = struct.unpack_from("<IIII", data, place)
        octets = data[place + 16:place + 16 + captured]
        if captured == original <= SMALL:
            yield octets
        place += 16 + captured


def transport(octets):
    """Where the ports and the checksum of TCP or UDP stand; None in other packets."""
    kind = octets[12:14]
    if kind == b"\x08\x00" and octets[23] in (6, 17):
        start = 14 + (octets[14] & 15) * 4
        number = octets[23]
    elif kind == b"\x86\xdd" and octets[20] in (6, 17):
        start, number = 54, octets[20]
    else:
        return None
    return start, start + (16 if number == 6 else 6)


def with_client_port(octets, add):
    """The packet from or to another port of the client, its checksum put right (RFC 1624)."""
    places = transport(octets)
    if not places:
        return octets
    start, checksum_at = places
    source, destination = struct.unpack_from(">HH", octets, start)
    at = start + 2 if source in SERVER_PORTS else start
    old = struct.unpack_from(">H", octets, at)[0]
    new = 1024 + (old + add) % 64000
    checksum = struct.unpack_from(">H", octets, checksum_at)[0]
    sum_ = (~checksum & 0xffff) + (~old & 0xffff) + new
    while sum_ >> 16:
        sum_ = (sum_ & 0xffff) + (sum_ >> 16)
    changed = bytearray(octets)
    struct.pack_into(">H", changed, at, new)
    struct.pack_into(">H", changed, checksum_at, ~sum_ & 0xffff)
    return bytes(changed)


def write_corpus(path):
    source = [octets for name in FIXTURES for octets in packets(name)]
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for number in range(COUNT):
            octets = with_client_port(source[number % len(source)], number // len(source))
            micros = number * 37
            out.write(struct.pack("<IIII", 1_700_000_000 + micros // 1_000_000,
                                  micros % 1_000_000, len(octets), len(octets)) + octets)


def peak(command):
    """The most memory a command takes, in MiB."""
    measure = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], "
               "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
               "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)")
    result = subprocess.run([sys.executable, "-c", measure, *command], stdout=subprocess.PIPE)
    return float(result.stdout)


with tempfile.TemporaryDirectory() as temporary:
    file = os.path.join(temporary, "small.pcap")
    write_corpus(file)
    size = os.path.getsize(file)
    print(f"{COUNT} packets, {size / COUNT - 16:.0f} octets each, {size / 1e6:.0f} MB")
    sniff = f"{folder}/sniff-swift"
    zone = {"TZ": ":/etc/localtime"}
    sides = [
        ("cat", ["cat", file], {}),
        ("tcpdump -nn", ["tcpdump", "-nn", "-r", file], {}),
        ("tcpdump -nn, TZ set", ["tcpdump", "-nn", "-r", file], zone),
        ("tcpdump -nn -v, TZ set", ["tcpdump", "-nn", "-v", "-r", file], zone),
        ("sniff-swift -nn", [sniff, "-nn", "-r", file], {}),
        ("sniff-swift -nn -v", [sniff, "-nn", "-v", "-r", file], {}),
        (f"tshark, {len(COLUMNS)} fields",
         ["tshark", "-n", "-r", file, "-T", "fields",
          *[word for column in COLUMNS for word in ("-e", column)]], {}),
        (f"sniff-swift, {len(COLUMNS)} fields",
         [sniff, "--fields", ",".join(COLUMNS), "-r", file], {}),
    ]
    times = dict(zip([side[0] for side in sides], alternate.medians(
        [side[1] for side in sides], runs, [side[2] for side in sides])))
    for name, _, _ in sides:
        print(f"decode: {name}: {times[name] / COUNT * 1e9:.0f} ns a packet")
    for ours, peer in [("sniff-swift -nn", "tcpdump -nn"),
                       ("sniff-swift -nn", "tcpdump -nn, TZ set"),
                       ("sniff-swift -nn -v", "tcpdump -nn -v, TZ set"),
                       (sides[-1][0], sides[-2][0])]:
        print(f"decode: {peer} takes {times[peer] / times[ours]:.1f} times as long as {ours}")
    print(f"decode: most memory: {peak([sniff, '-nn', '-r', file]):.0f} MiB")
