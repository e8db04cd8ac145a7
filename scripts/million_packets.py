"""A capture of a million small packets, and what a command takes of memory: for benchmarks.

The packets are those of two of the project's own captures (name look-ups and page loads, handshakes
and all), over and over, each time with another client port, so that they are many connections."""
import struct
import subprocess
import sys

COUNT = 1_000_000
SMALL = 200  # octets
FIXTURES = ["Tests/Fixtures/names.pcap", "Tests/Fixtures/web.pcap"]
SERVER_PORTS = {53, 80}


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
